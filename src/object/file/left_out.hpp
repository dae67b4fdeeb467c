// SPDX-License-Identifier: MIT
// What stands in a file beside its sock_ops programs: programs of other types, struct_ops, sections that
// nobody knows. A loader would load them, or refuse the object for them; here they are taken out before
// libbpf sees the file, so that nothing which only they need has to be there.
#pragma once

#include <string>
#include <vector>

#include <sockops/object/object_notice.hpp>

#include "file_types.hpp"

namespace sockops::object {

struct file_programs {
	std::vector<std::string> loaded; ///< names, in the order of the file
	std::string others;              ///< "pass in section 'xdp', …"
	std::vector<std::string> weak;   ///< externs that the programs name, and can do without
};

/// Takes out of `file`, which has passed check_elf(), what is not to be loaded, and tells it in `notices`.
/// `chosen`: names of the sock_ops programs to load, beside those that their PROG_ARRAYs begin with; empty:
/// all. Throws object_error with ENOENT, `name` before the message, if one of them is not there.
file_programs leave_out(elf_writer& file, file_types& types, const std::vector<std::string>& chosen,
						const std::string& name, std::vector<object_notice>& notices);

} // namespace sockops::object
