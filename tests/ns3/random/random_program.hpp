// SPDX-License-Identifier: MIT
// Programs for random scenarios: one that only watches, one that watches and adds 1 to an initial window, and
// those that do by chance whatever a program may.
#pragma once

#include <cstdint>

#include <sockops/ns3/ns3.hpp>

#include "random_world.hpp"

namespace test {

/// Arms all flags, reads all fields and options. Counts its calls.
sockops::bpf_prog_ptr watcher(std::uint64_t& calls);

/// Of each connection's two ends the one that gets this has an initial window larger by 1.
sockops::bpf_prog_ptr meddler(std::uint64_t& calls);

/// How far a random program goes.
enum class temper {
	sensible,  ///< nothing that keeps a connection from delivering its bytes, if only by taking very long
	senseless, ///< any number for any option, any reply
};

/// Replies, options and flags by chance, from the seed.
sockops::bpf_prog_ptr chance_program(std::uint64_t seed, temper how, std::uint64_t& calls);

} // namespace test
