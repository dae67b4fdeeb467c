// SPDX-License-Identifier: MIT
// Makes connections of the library's small TCP, under arrays of programs that reply.
#pragma once

#include "replies.hpp"

namespace traces {

/// One effect for each row, in the same order.
std::vector<reply_effect> replies_in_model(const std::vector<reply_row>& rows);

} // namespace traces
