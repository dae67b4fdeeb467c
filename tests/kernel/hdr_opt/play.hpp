// SPDX-License-Identifier: MIT
// Plays scripts with sockets of the machine's kernel, and gives back what its programs saw and got.
#pragma once

#include <functional>

#include "kernel_sockets.hpp"
#include "scripts.hpp"

namespace hdr_opt {

struct played {
	unsigned long handshakes = 0, segments = 0, crafted = 0;
	unsigned long dropped = 0; ///< crafted segments that no program would have seen: not sent
	std::string error;         ///< what the kernel did not do; "" if nothing
};

/// Hands each run to `use`. Some of what is called is random.
played play_all(kernel_sockets& kernel, const std::function<void(const run&)>& use, unsigned seed = 1);

} // namespace hdr_opt
