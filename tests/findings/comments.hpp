// SPDX-License-Identifier: MIT
// What a source says of itself: at which lines something is found, and what.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace sockops::testing {

/// By line of C.
using found_by_line = std::map<unsigned, std::string>;

/// The comments "/* found: key of 'conns': bytes 13 to 15 of 't' */" of a file.
found_by_line found_in_comments(const std::string& source);

/// The same of messages, "prog: instruction 7 (frame.bpf.c:19, '…'): key of …": what stands behind the place
/// in `file`. One without such a place is at line 0.
found_by_line found_in_messages(const std::vector<std::string>& messages, const std::string& file);

/// In words, for a test that fails: each line of one that is not in the other, or says something else. "":
/// they agree, each message beginning with what the comment says.
std::string disagreement(const found_by_line& comments, const found_by_line& messages);

} // namespace sockops::testing
