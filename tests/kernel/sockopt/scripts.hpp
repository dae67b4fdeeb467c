// SPDX-License-Identifier: MIT
// The scenes that are compared.
#pragma once

#include <cstdint>

#include "scene.hpp"

namespace sockopt_diff {

/// Every level, option and length, in TCP_LISTEN_CB.
std::vector<scene> every_option();
/// Each known option with many values and lengths, in each op that has a socket, and on a request.
std::vector<scene> every_value();
/// Names of algorithms and of devices, cut at each length.
std::vector<scene> names(const surroundings& where);
/// TCP_SAVE_SYN 0, 1, 2 and the ways to read a SYN.
std::vector<scene> saved_syns();
/// Ops in which other rules hold: header options, time stamps, a closing socket.
std::vector<scene> other_ops();
/// Random options on a listener or a connecting socket, and what its child or it has later.
std::vector<scene> random_sequences(unsigned count, std::uint64_t seed = 20'260);

} // namespace sockopt_diff
