// SPDX-License-Identifier: MIT
// A program of the machine's kernel that plays a ring_script, run by BPF_PROG_RUN.
#pragma once

#include <span>

#include "kernel_map.hpp"
#include "ring_script.hpp"

namespace maps_diff {

/// Memory that programs and the test share: the answers of the calls, then the data for output().
class ring_answers {
  public:
	ring_answers();
	~ring_answers();
	ring_answers(const ring_answers&) = delete;
	ring_answers& operator=(const ring_answers&) = delete;

	/// 0 or -errno.
	long error() const noexcept { return error_; }
	int fd() const noexcept { return map_.fd(); }
	/// Of each call of the last run; a record's address stands for a reservation that succeeded.
	u64 of_call(std::size_t index) const noexcept { return memory_[index]; }
	std::span<std::byte> output_data() noexcept {
		return {reinterpret_cast<std::byte*>(memory_ + ring_calls), ring_output_bytes};
	}

  private:
	kernel_map map_;
	long error_;
	u64* memory_ = nullptr;
};

class ring_prog {
  public:
	ring_prog(const ring_script& script, int ring_fd, int answers_fd);
	/// 0 or -errno.
	long error() const noexcept { return fd_ < 0 ? fd_ : 0; }
	/// Plays the script once: 0 or -errno.
	long run() const noexcept;

  private:
	long fd_;
	kernel_diff::owned_fd owned_;
};

} // namespace maps_diff
