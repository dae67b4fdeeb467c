// SPDX-License-Identifier: MIT
// struct bpf_prog_array: the programs of a cgroup in the order in which they run.
//
// An array never changes length. A writer replaces it whole under RCU, or overwrites one program
// in place; so a reader sees each array complete, old or new. It holds no program references: the
// attachments do, and a program outlives its last attachment by a grace period.
//
// Context: readers inside a section; whoever makes, changes or frees an array on any thread, not from a
// signal handler. Never waits.
#pragma once

#include <cstddef>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/sync/rcu_pointer.hpp>

namespace sockops {

struct bpf_prog_array_item {
	rcu_pointer<bpf_prog> prog; ///< nullptr ends the array
};

/// Header; the items follow it in memory, count + 1 of them.
struct bpf_prog_array {
	rcu_head rcu;

	/// The first item; nothing says how many there are but the end marker.
	const bpf_prog_array_item* items() const noexcept {
		return reinterpret_cast<const bpf_prog_array_item*>(this + 1);
	}
	/// The same for a writer.
	bpf_prog_array_item* items() noexcept { return reinterpret_cast<bpf_prog_array_item*>(this + 1); }
};

/// An array of `count` empty items, or nullptr. With count 0: the shared empty array.
[[nodiscard]] bpf_prog_array* bpf_prog_array_alloc(std::size_t count) noexcept;
/// Frees at once, for an array that no reader can see: never published, or a grace period ago. nullptr and
/// the empty array: nothing.
void bpf_prog_array_free(bpf_prog_array* array) noexcept;
/// Programs in the array, dummies not counted.
[[nodiscard]] std::size_t bpf_prog_array_length(const bpf_prog_array* array) noexcept;

} // namespace sockops
