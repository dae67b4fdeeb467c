// SPDX-License-Identifier: MIT
// What is compared of each program of tests/object/programs.
#pragma once

#include <string>
#include <vector>

#include <sockops/bpf/uapi.hpp>

namespace three_ways {

/// What is not compared, and why it cannot be the same.
struct mask {
	std::string member; ///< of values and records; "": the whole line
	std::string why;
	std::string where{}; ///< only in lines with this in "tune, plain, IPv4: tuned_by_port[20816] = {…}"
};

struct program_case {
	std::string name;
	std::string entry{};                ///< the program that is attached
	std::vector<std::string> globals{}; ///< variables to compare
	std::string record_map{}, record_type{};
	std::vector<std::string> socket_maps{}; ///< SOCKMAPs and SOCKHASHes: how many sockets are in them
	std::vector<mask> masks{};
	bool native = true; ///< has a meaning natively
	/// The first kernel that loads it, where it is younger than what the other tests of this kind need.
	sockops::kernel_release since = 0;

	/// "object_tune", the name of its target.
	[[nodiscard]] std::string target() const { return "object_" + name; }
	[[nodiscard]] std::string path() const { return OBJECT_PROGRAMS "/" + target() + ".bpf.o"; }
};

const std::vector<program_case>& program_cases();

/// The timelines that every program sees.
const std::vector<std::string>& timelines();

} // namespace three_ways
