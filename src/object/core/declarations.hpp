// SPDX-License-Identifier: MIT
// Types from their declarations in C, as far as the headers of the network and of BPF need it:
//
//   struct tcphdr { __be16 source, dest; u16 ae : 1, res1 : 3; union { u32 a; struct { u8 b[4]; } c; }; };
//   enum { IPPROTO_TCP = 6 };   enum sk_action { SK_DROP, SK_PASS };   typedef u16 __be16;
//
// Places are those that C on a 64-bit machine gives. No comments, no functions, no attributes but `packed`
// before a struct's semicolon.
#pragma once

#include "btf_writer.hpp"

namespace sockops::object {

/// Adds them all. A text that cannot be read is a mistake of this library: std::logic_error says where.
void add_declarations(btf_writer& to, std::string_view text);

} // namespace sockops::object
