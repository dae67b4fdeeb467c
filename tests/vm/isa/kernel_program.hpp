// SPDX-License-Identifier: MIT
// Instructions in the machine's kernel: a SCHED_CLS program that sets r1 and r2 as bpf_raw_run() does, calls
// the instructions as a function, puts all 64 bits of r0 into a map, and is run by BPF_PROG_RUN. It is
// attached nowhere.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <sockops/vm/insn.hpp>

#include "../../kernel/bpf_calls.hpp"

namespace isa {

/// An ARRAY map of one value, shared with the kernel.
class shared_value {
  public:
	explicit shared_value(std::size_t size);
	~shared_value();
	shared_value(const shared_value&) = delete;
	shared_value& operator=(const shared_value&) = delete;

	/// -errno if it could not be made.
	[[nodiscard]] int fd() const noexcept { return error_ ? error_ : map_.get(); }
	[[nodiscard]] std::span<std::byte> bytes() const noexcept { return {memory_, size_}; }

  private:
	kernel_diff::owned_fd map_;
	int error_ = 0;
	std::byte* memory_ = nullptr;
	std::size_t size_;
};

class kernel_program {
  public:
	/// How the instructions stand in the program: called, or as its own beginning, where a function of it may
	/// use the whole stack and all frames, but only the low half of r0 is seen.
	enum form { called, whole };

	kernel_program(std::span<const sockops::bpf_insn> insns, std::size_t memory_size, form as);

	[[nodiscard]] bool loaded() const noexcept { return static_cast<bool>(prog_); }
	/// Why it was not, in the kernel's words.
	[[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }

	/// r0 after a run with these bytes, which become what the program leaves. Aborts if the kernel does not
	/// run what it has loaded.
	sockops::u64 run(std::span<std::byte> memory);

  private:
	shared_value memory_, result_;
	std::size_t memory_size_;
	form as_;
	kernel_diff::owned_fd prog_;
	std::string refusal_;
};

/// Why programs cannot be loaded and run here; empty if they can.
std::string kernel_unusable();

} // namespace isa
