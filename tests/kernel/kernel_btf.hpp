// SPDX-License-Identifier: MIT
// The functions that the machine's kernel names in its BTF.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kernel_diff {

struct kernel_function {
	std::string name;
	int id; ///< of its type
};

/// Those that programs may call by name, where the kernel marks them (6.10); empty without BTF.
const std::vector<kernel_function>& kernel_kfuncs();

/// The number of a function; 0 if there is none of that name.
int btf_func(std::string_view wanted);

} // namespace kernel_diff
