// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_PROG_ARRAY: programs by an index, for bpf_tail_call(). Holds a reference to each. A program
// holds its maps, so that one which calls itself by way of this map is a circle: clear() breaks it. (The
// kernel does so when the last descriptor of the map is closed.)
//
// Context: prog_at() inside a section; all else as user space, on any thread. Writers take a lock for a
// moment. Not from a signal handler.
#pragma once

#include <mutex>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/map/bpf_map.hpp>

namespace sockops {

struct prog_array_map final : bpf_map {
	/// key_size and value_size 4; max_entries > 0.
	explicit prog_array_map(const bpf_map_attr& with);
	~prog_array_map() override;
	/// Was there memory?
	bool valid() const noexcept { return progs_ != nullptr; }

	/// Inside a section: the program at an index; nullptr: none, or no such index.
	bpf_prog* prog_at(u32 index) const noexcept {
		return index < attr.max_entries ? rcu_dereference(progs_[index]) : nullptr;
	}
	/// Puts a program there, in place of what was there; an empty pointer empties it. As user space does, who
	/// gives a descriptor: -EPERM as of sys_update_elem(), -E2BIG beyond max_entries.
	int set(u32 index, bpf_prog_ptr prog) noexcept;
	/// Empties all of it.
	void clear() noexcept;
	void release_uref() noexcept override { clear(); }
	/// -E2BIG beyond max_entries; -ENOENT if there is none.
	int sys_delete_elem(const void* key) noexcept override;
	/// The program's id in `value`; -ENOENT.
	int sys_lookup_elem(const void* key, void* value, u64 flags) noexcept override;
	/// All indices, whether there is a program or not.
	int get_next_key(const void* key, void* next) noexcept override;

  private:
	/// The program that was there.
	bpf_prog_ptr exchange(u32 index, bpf_prog_ptr prog) noexcept;

	std::mutex lock_;                    ///< of writers
	u32 end_ = 0;                        ///< there was never a program from here on; under the lock
	rcu_pointer<bpf_prog>* const progs_; ///< all 0 in the beginning, which is none
};

} // namespace sockops
