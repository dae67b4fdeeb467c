// SPDX-License-Identifier: MIT
// What an object has by name, as the C source that it was compiled from has it: for whoever writes code
// beside that.
#pragma once

#include <string>
#include <vector>

#include <sockops/object/bpf_object.hpp>

namespace sockops::object {

struct named_content {
	enum class kind { map, program, variable, constant, option } is; ///< option: __kconfig
	std::string name;
	u64 size; ///< bytes of a variable; else 0
};

class object_contents {
  public:
	/// Of an object that is opened and not loaded: its sock_ops programs, all maps, and all variables that
	/// have a name at file scope.
	[[nodiscard]] static std::vector<named_content> of(const bpf_object& object);

	/// The path of the C file that the programs stand in, as its compiler had it; "" if the file does not
	/// tell (it was compiled without -g).
	[[nodiscard]] static std::string source_of(const bpf_object& object);
};

} // namespace sockops::object
