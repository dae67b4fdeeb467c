// SPDX-License-Identifier: MIT
// An assembler for what llvm-objdump prints of BPF (RFC 9669). FORMAT.md says what it reads.
#pragma once

#include <string_view>
#include <vector>

#include <sockops/vm/insn.hpp>

namespace isa {

/// The instructions of a text: statements parted by newlines or ';', comments from '#' to the end of the
/// line. Throws std::runtime_error that quotes the statement and says what was expected.
std::vector<sockops::bpf_insn> assemble(std::string_view text);

/// Bytes written as pairs of hex digits, parted by spaces. Throws as assemble() does.
std::vector<std::byte> bytes_of_hex(std::string_view text);

} // namespace isa
