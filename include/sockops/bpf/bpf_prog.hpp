// SPDX-License-Identifier: MIT
// struct bpf_prog: a function and its data. What stands behind the function (a C++ callable, an
// interpreter, machine code) the dispatch loop cannot tell.
//
// Context: any thread, inside programs too; never waits. A count may rise in a signal handler; it may not
// fall there, for the last put takes a lock.
#pragma once

#include <atomic>

#include <sockops/sync/rcu_head.hpp>

namespace sockops {

struct bpf_prog;
struct bpf_sock_ops_kern;

/// A program's return: 1 success, 0 deny. The verifier lets no other value through; a native
/// program can return one, and the run policies then differ as the kernels did.
using bpf_func_t = u32 (*)(bpf_sock_ops_kern* ctx, const bpf_prog* prog) noexcept;

struct bpf_prog {
	bpf_func_t bpf_func;
	const char* name; ///< for messages and traces; whoever makes the program keeps it as long as that lives
	/// Destroys the program and frees its memory: after the last put and a grace period, in
	/// whatever writer call runs the callback, on that thread.
	void (*destroy)(bpf_prog*) noexcept = nullptr;
	std::atomic<u32> refcnt{1};
	u32 id = 0; ///< one number, one program, in the whole process; 0: none (the dummy)
	/// Direct attachments, anywhere; under cgroup_mutex. 0 spares the search for a duplicate.
	u32 attached = 0;
	rcu_head rcu{};
	const void* made_by; ///< the library's copy (kern/library.hpp); nullptr of the dummy, which is nobody's

	[[gnu::always_inline]] constexpr bpf_prog(bpf_func_t func, const char* called, u32 number = 0) noexcept
		: bpf_func(func), name(called), id(number), made_by(number != 0 ? detail::this_copy() : nullptr) {}
	bpf_prog(const bpf_prog&) = delete;
	bpf_prog& operator=(const bpf_prog&) = delete;
};

/// bpf_prog_run(): one program over one context; its return, 1 or 0. Arrays hold no reference: inside a
/// section only.
[[gnu::always_inline]] inline u32 bpf_prog_run(const bpf_prog* prog, bpf_sock_ops_kern* ctx) noexcept {
	return prog->bpf_func(ctx, prog);
}
using bpf_prog_run_fn = u32 (*)(const bpf_prog*, bpf_sock_ops_kern*) noexcept;

/// A number that no program has had.
[[nodiscard]] u32 next_prog_id() noexcept;

/// A reference more; of a program that the caller knows not to be freed.
inline void bpf_prog_inc(bpf_prog* prog) noexcept { prog->refcnt.fetch_add(1, std::memory_order_relaxed); }
/// Drops a reference. The last one queues the program for destruction after a grace period; it
/// never waits, so a program may drop the last reference to itself while it runs.
void bpf_prog_put(bpf_prog* prog) noexcept;

/// Runs as 1, counts for nothing: stands where a program was taken out and no array could be built.
extern constinit bpf_prog bpf_dummy_prog;

/// A reference that counts.
class bpf_prog_ptr {
  public:
	bpf_prog_ptr() = default;
	/// Returns the owner of the reference that `prog` came with; nullptr: an empty one.
	static bpf_prog_ptr adopt(bpf_prog* prog) noexcept { return bpf_prog_ptr(prog); }
	bpf_prog_ptr(const bpf_prog_ptr& other) noexcept : prog_(other.prog_) {
		if (prog_)
			bpf_prog_inc(prog_);
	}
	bpf_prog_ptr(bpf_prog_ptr&& other) noexcept : prog_(other.release()) {}
	// By reference: clang 14 does not destroy a parameter made of {} in a template.
	bpf_prog_ptr& operator=(const bpf_prog_ptr& other) noexcept { return *this = bpf_prog_ptr(other); }
	bpf_prog_ptr& operator=(bpf_prog_ptr&& other) noexcept {
		bpf_prog* const theirs = other.release();
		bpf_prog* const mine = prog_; // nullptr if other is this one
		prog_ = theirs;
		if (mine)
			bpf_prog_put(mine);
		return *this;
	}
	~bpf_prog_ptr() {
		if (prog_)
			bpf_prog_put(prog_);
	}

	/// nullptr of an empty one. No reference is taken.
	bpf_prog* get() const noexcept { return prog_; }
	bpf_prog* operator->() const noexcept { return prog_; }
	explicit operator bool() const noexcept { return prog_ != nullptr; }
	/// The program, whose reference is the caller's from now on; nullptr of an empty one.
	[[nodiscard]] bpf_prog* release() noexcept {
		bpf_prog* prog = prog_;
		prog_ = nullptr;
		return prog;
	}

  private:
	explicit bpf_prog_ptr(bpf_prog* prog) noexcept : prog_(prog) {}
	bpf_prog* prog_ = nullptr;
};

} // namespace sockops
