// SPDX-License-Identifier: MIT
// A .BTF.ext that cannot be read, as compilers write it for code of which only a part has debug information.
#pragma once

#include <string>

#include "elf_writer.hpp"

namespace sockops::object {

/// Leaves out a section '.BTF.ext' that libbpf would not read: it goes on without, and so functions and
/// source lines have no names. What is to be known of it; "" if there is nothing. Throws object_error, with
/// `name` before the message, if CO-RE relocations are in it: without them a program would read other places
/// than it names.
[[nodiscard]] std::string leave_out_damaged_btf_ext(elf_writer& file, const std::string& name);

} // namespace sockops::object
