// SPDX-License-Identifier: MIT
// What the functions of a program are given and return, from the BTF that comes with it.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include <sockops/vm/prog_load.hpp>

#include "libbpf.hpp"

namespace sockops::object {

class function_types {
  public:
	/// `types` outlive it.
	explicit function_types(const ::btf& types);

	/// The function of a type, BTF_KIND_FUNC, which begins at an instruction. Where the types give nonsense,
	/// what is not to be known of it is left out.
	[[nodiscard]] bpf_function function(u32 insn, u32 type) const;

  private:
	[[nodiscard]] bpf_argument_type argument(u32 function, s32 place, u32 type) const;

	const ::btf& types_;
	/// Of a function and the place of its argument.
	std::vector<std::pair<std::pair<u32, s32>, std::string_view>> tags_;
};

} // namespace sockops::object
