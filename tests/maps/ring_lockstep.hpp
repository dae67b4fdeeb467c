// SPDX-License-Identifier: MIT
// The same random runs of a program, and the same reader, on a RINGBUF of the kernel's and on one of the
// library's. After each run the answers, the positions, the data and whether a reader was woken are compared.
#pragma once

#include <sockops/map/ring_buffer.hpp>

#include "lockstep.hpp"
#include "ring_prog.hpp"
#include "ring_reader.hpp"

namespace maps_diff {

class ring_lockstep {
  public:
	/// `answers` is what programs write to: one after another may use it.
	ring_lockstep(u32 ring_bytes, std::uint64_t seed, ring_answers& answers, diff_result& result);
	/// So many programs, each of them run a few times with readers in between; ends with the first
	/// difference, since all that follows would differ too.
	void run(unsigned programs);
	/// How often the positions went round.
	u64 rounds() const noexcept { return here_reader_.producer() / bytes_; }

  private:
	/// Is the word after a record's length the same in both? It counts pages that are each one's own affair.
	bool headers_are_alike();
	bool same_so_far() const noexcept { return result_.mismatches == mismatches_before_; }
	void play(const ring_script& script, const ring_prog& prog);
	u64 call_here(const ring_call& call);
	void release_here(const ring_call& call);
	void compare_wakeups();
	void compare_memory(const char* when);
	/// Or have it done something else, or nothing.
	void let_read();
	void read_some();
	void read_all();
	void compare_records(const std::vector<ring_reader::record>& kernel,
						 const std::vector<ring_reader::record>& here);
	/// The reader claims to be elsewhere, mostly ahead: then nothing but open records keeps programs from
	/// writing on. If it already does, it comes back to where all is read.
	void stray();
	void compare(u64 kernel, u64 here, const std::string& what);

	const u32 bytes_;
	std::mt19937_64 random_;
	ring_answers& answers_;
	diff_result& result_;
	const unsigned long mismatches_before_;
	kernel_map there_;
	sockops::bpf_map_ptr here_;
	sockops::ring_buffer_map* ring_ = nullptr;
	ring_reader there_reader_, here_reader_;
	kernel_diff::owned_fd there_poll_;
	void* open_[ring_slots] = {};
	bool astray_ = false, alike_ = false;
};

} // namespace maps_diff
