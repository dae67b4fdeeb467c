// SPDX-License-Identifier: MIT
// The same random calls on a PROG_ARRAY of the kernel's and on one of the library's, with programs that stand
// for each other.
#pragma once

#include <sockops/bpf/native_prog.hpp>
#include <sockops/map/prog_array.hpp>

#include "lockstep.hpp"

namespace maps_diff {

class prog_array_lockstep {
  public:
	prog_array_lockstep(std::uint64_t seed, diff_result& result);
	void run(unsigned calls);

  private:
	static constexpr std::size_t programs = 3;

	void step();
	void lookup(u32 index);
	void compare(long kernel, long here, const char* call, u32 index);
	/// Which of the programs has this id; `programs`: none.
	std::size_t number_of(u32 id, bool kernel) const;

	sockops::bpf_map_attr attr_;
	std::mt19937_64 random_;
	diff_result& result_;
	kernel_map there_;
	sockops::bpf_map_ptr here_;
	kernel_diff::owned_fd there_progs_[programs];
	sockops::bpf_prog_ptr here_progs_[programs];
};

} // namespace maps_diff
