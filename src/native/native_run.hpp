// SPDX-License-Identifier: MIT
// One run of a natively compiled program: struct bpf_sock_ops, struct bpf_sock and struct bpf_tcp_sock as
// memory, which its code reads and writes without asking anyone, and the kernel's side of the call, which the
// helpers work on.
#pragma once

#include <csetjmp>
#include <utility>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/bpf/bpf_sock_fields.hpp>
#include <sockops/bpf/bpf_sock_ops.hpp>

#include "../helper/section_state.hpp"
#include "../vm/tail_call_count.hpp"

namespace sockops::native {

struct native_prog;

class native_run {
  public:
	/// Becomes the thread's current run; the one before it goes on afterwards (nested dispatch).
	explicit native_run(bpf_sock_ops_kern& ctx) noexcept;
	~native_run();
	native_run(const native_run&) = delete;
	native_run& operator=(const native_run&) = delete;

	/// The thread's innermost; a helper called outside any program: illegal use, nullptr.
	static native_run* current(const char* helper) noexcept;
	/// The innermost whose context is at `ctx`; else as above.
	static native_run* of_context(const void* ctx, const char* helper) noexcept;

	bpf_sock_ops_kern& kern() const noexcept { return kern_; }
	/// What the program is given.
	void* context() noexcept { return ctx_; }
	/// The socket that a pointer of the program means: ctx->sk or what bpf_tcp_sock() gave; else nullptr.
	sock_common* socket_at(const void* view) const noexcept;
	/// struct bpf_tcp_sock, as the call's socket is now.
	void* show(const tcp_sock& tp) noexcept;

	/// What the program has written to its context, to the kernel's side.
	void write_back() noexcept;
	/// The context as the kernel's side is now.
	void refresh() noexcept;

	/// The program's own. To end in one is an illegal use.
	helper::section_state sections;

	/// Runs a program, and those that it goes on to by bpf_tail_call().
	u32 run_chain(const native_prog& first) noexcept;
	/// Ends the program that runs now and goes on with another one. Does not return, but false if it was the
	/// last tail call that may be made, or the run is of a program without a PROG_ARRAY.
	bool go_on_with(const bpf_prog& next) noexcept;

  private:
	bpf_sock_ops_kern& kern_;
	native_run* const outer_;
	const bpf_prog* next_ = nullptr;
	u32 tail_calls_ = std::exchange(vm::carried_tail_calls, 0);
	bool has_way_back_ = false;
	std::jmp_buf way_back_;
	alignas(8) std::byte ctx_[bpf_sock_ops_size];
	alignas(8) std::byte sk_[bpf_sock_size];
	alignas(8) std::byte tcp_[bpf_tcp_sock_size];
};

/// While a helper works on the kernel's side of the context: what the program wrote is there before, and what
/// the helper changed is in the program's memory after it.
class context_window {
  public:
	context_window() noexcept = default;
	~context_window() {
		if (run_)
			run_->refresh();
	}
	context_window(const context_window&) = delete;
	context_window& operator=(const context_window&) = delete;

	/// The run whose context is at `ctx`; nullptr, and nothing is done at the end: native_run::of_context().
	native_run* open(const void* ctx, const char* helper) noexcept {
		run_ = native_run::of_context(ctx, helper);
		if (run_)
			run_->write_back();
		return run_;
	}

  private:
	native_run* run_ = nullptr;
};

} // namespace sockops::native
