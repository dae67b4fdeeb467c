// SPDX-License-Identifier: MIT
// The programs of ns3_lossy, one for each of two levels of a cgroup tree.
#pragma once

#include <vector>

#include <sockops/bpf/native_prog.hpp>

#include "simulation.hpp"

namespace lossy {

inline constexpr const char* fleet = "/fleet";
inline constexpr const char* web = "/fleet/web";

/// For /fleet: how long to wait for an answer, how much to let in, and which events to be told of.
sockops::bpf_prog_ptr make_fleet_policy();

/// For /fleet/web, where it runs before the fleet's: ECN, and the sender's windows, timers and
/// congestion control. What it sets goes to `log`, which must outlive it.
sockops::bpf_prog_ptr make_web_tuning(std::vector<sockopt_call>& log);

/// "client" or "server", by the port.
const char* side_of(std::uint32_t local_port);

} // namespace lossy
