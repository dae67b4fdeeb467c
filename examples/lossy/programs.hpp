// SPDX-License-Identifier: MIT
// The programs of ns3_lossy, from the object that programs.bpf.c was compiled to.
#pragma once

#include <vector>

#include <sockops/object/bpf_object.hpp>

#include "simulation.hpp"

namespace lossy {

inline constexpr const char* fleet = "/fleet";
inline constexpr const char* web = "/fleet/web";

class programs {
  public:
	/// Loads the object. Throws sockops::object_error.
	programs();

	/// For /fleet, and for /fleet/web.
	sockops::bpf_prog_ptr fleet_policy() const { return object_.prog("fleet_policy"); }
	sockops::bpf_prog_ptr web_tuning() const { return object_.prog("web_tuning"); }

	/// What web_tuning has set since the last call.
	std::vector<sockopt_call> take_sockopts() const;

  private:
	sockops::bpf_object object_;
};

/// "client" or "server", by the port.
const char* side_of(std::uint32_t local_port);

} // namespace lossy
