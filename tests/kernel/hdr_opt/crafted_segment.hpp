// SPDX-License-Identifier: MIT
// A segment with options that no stack would write.
#pragma once

#include "run.hpp"

namespace hdr_opt {

/// The IPv4 packet, from 127.0.0.1 to 127.0.0.1, of a segment without data that follows on the one whose
/// first 20 bytes of header are given, which had `data` bytes and was answered by 1 byte.
/// `options`: a multiple of 4, at most 40.
byte_list crafted_segment(const byte_list& after, std::uint32_t data, const byte_list& options);

/// Would 6.18 drop a segment with these options before its programs see it? It looks for a signature
/// first, gives up looking when fewer than 18 bytes are left, and drops what is malformed before that.
bool dropped_unseen(const byte_list& options);

} // namespace hdr_opt
