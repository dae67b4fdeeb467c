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
	std::vector<std::string> later{};   ///< those that are attached after it
	std::vector<std::string> globals{}; ///< variables to compare
	std::string record_map{}, record_type{};
	std::vector<std::string> socket_maps{}; ///< SOCKMAPs and SOCKHASHes: how many sockets are in them
	std::vector<mask> masks{};
	bool native = true; ///< has a meaning natively
	bool watched = false; ///< what nobody wrote holds other bytes than zeroes, as in a kernel
	/// It asks the same whatever happens to the connection: one timeline is enough.
	bool once = false;
	/// The first kernel that loads it, where it is younger than what the other tests of this kind need.
	sockops::kernel_release since = 0;

	std::string form{}; ///< "": compiled with the UAPI's headers; "_vmlinux": with this library's vmlinux.h
	std::string file{}; ///< of an object that was compiled otherwise; "": that of its target

	/// All that are attached, in that order.
	[[nodiscard]] std::vector<std::string> entries() const {
		std::vector<std::string> all{entry};
		all.insert(all.end(), later.begin(), later.end());
		return all;
	}
	/// "object_tune", the name of its target.
	[[nodiscard]] std::string target() const { return "object_" + name + form; }
	[[nodiscard]] std::string path() const {
		return file.empty() ? OBJECT_PROGRAMS "/" + target() + ".bpf.o" : file;
	}
};

const std::vector<program_case>& program_cases();
/// The same, compiled with this library's vmlinux.h.
const std::vector<program_case>& vmlinux_cases();

/// The timelines that every program sees.
const std::vector<std::string>& timelines();
/// Those that it sees again in another form.
const std::vector<std::string>& few_timelines();
/// Of these, those that a program sees.
const std::vector<std::string>& timelines_of(const program_case& of, const std::vector<std::string>& names);

} // namespace three_ways
