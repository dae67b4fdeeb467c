// SPDX-License-Identifier: MIT
// Connections come and go at random in the kernel, while its program and bpf(2) change the maps; the
// library repeats what was done, and both are compared after each step.
#pragma once

#include <random>
#include <set>
#include <string>
#include <vector>

#include "kernel_maps.hpp"
#include "kernel_sockets.hpp"
#include "library_maps.hpp"

namespace sockmap_diff {

struct walk_result {
	unsigned long cases = 0, mismatches = 0, entered = 0, deleted_closing = 0;
	unsigned long in_state_close = 0; ///< entries found whose socket a process holds in TCP_CLOSE
	std::set<unsigned> ops;
	std::vector<std::string> first; ///< the first mismatches, in words
};

class random_walk {
  public:
	random_walk(kernel_maps& kernel, std::uint64_t seed, walk_result& result);

	/// So many steps, then everything is closed; stops at the first difference.
	void run(unsigned steps);

  private:
	struct open_socket_of {
		kernel_diff::owned_fd fd;
		std::uint64_t cookie = 0;
		bool listens = false;
		std::vector<std::uint64_t> queue; ///< children not accepted
	};

	void step();
	void open_listener();
	void connect_one();
	void accept_one();
	void close_one(std::size_t at);
	void disconnect_one();
	void change_by_syscall();

	/// The calls of the program since the last time, here too. Children are told to their listener.
	void replay(open_socket_of* listener = nullptr);
	void compare_maps();
	void compare_walks();
	bool is_closed_but_open(std::uint64_t cookie) const;
	void compare(const std::string& what, long here, long kernel);
	void queue_ends(open_socket_of& listener);
	open_socket_of* any(bool listens);
	std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

	kernel_maps& kernel_;
	library_maps library_;
	std::mt19937_64 random_;
	std::uint64_t seed_;
	walk_result& result_;
	std::vector<open_socket_of> open_;
	std::string doing_;
	bool differs_ = false;
};

} // namespace sockmap_diff
