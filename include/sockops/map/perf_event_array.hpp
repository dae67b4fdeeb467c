// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_PERF_EVENT_ARRAY: a buffer for each CPU, which bpf_perf_event_output() writes to.
//
// Context: output() inside programs; all else as user space, on any thread. Writers take a lock for a
// moment. Not from a signal handler.
#pragma once

#include <functional>
#include <mutex>
#include <span>

#include <sockops/map/bpf_map.hpp>
#include <sockops/sync/rcu_pointer.hpp>

namespace sockops {

/// BPF_F_INDEX_MASK, the index in the flags of bpf_perf_event_output(); all ones: the current CPU.
inline constexpr u64 perf_index_mask = 0xffffffff;

struct perf_event_array_map final : bpf_map {
	/// key_size and value_size 4. max_entries 0 is -EINVAL, as in the kernel: libbpf asks for the number of
	/// CPUs.
	explicit perf_event_array_map(const bpf_map_attr& with);
	~perf_event_array_map() override;
	/// Was there memory?
	bool valid() const noexcept { return buffers_ != nullptr; }

	/// Opens a buffer of `bytes` (a power of two) for a CPU, as a reader's perf_event_open() and update of
	/// the map; one that is there is replaced. -EPERM as of sys_update_elem(), -E2BIG
	/// beyond max_entries, -EINVAL, -ENOMEM.
	int open(u32 cpu, std::size_t bytes) noexcept;
	/// As the closing of the reader's perf_event descriptor, which empties the entry: -ENOENT from then on.
	void close(u32 cpu) noexcept;
	int sys_delete_elem(const void* key) noexcept override;
	/// All indices, whether there is a buffer or not.
	int get_next_key(const void* key, void* next) noexcept override;

	/// bpf_perf_event_output(): 0; -EINVAL for other flags than the index; -E2BIG beyond max_entries;
	/// -ENOENT where no buffer is open; -EOPNOTSUPP for another CPU's; -ENOSPC if it is full (a record is
	/// then counted as lost).
	int output(u64 flags, const void* data, u64 size) noexcept;

	/// Hands each record of a CPU's buffer to `record`, oldest first. Returns how many. Any thread, outside
	/// sections.
	std::size_t consume(u32 cpu, const std::function<void(std::span<const std::byte>)>& record);
	map_btf btf() const noexcept override { return map_btf::none; }
	bool take_records(void (*take)(const std::byte* record, std::size_t size, void* arg), void* arg) override;
	/// Records for which there was no room, since it was opened.
	u64 lost(u32 cpu) const noexcept;

  private:
	struct buffer;
	/// Puts it there, and has what was there freed after a grace period. Was there one?
	bool exchange(u32 cpu, buffer* fresh) noexcept;

	std::mutex lock_;                    ///< of open() and close()
	u32 end_ = 0;                        ///< there was never a buffer from here on; under the lock
	rcu_pointer<buffer>* const buffers_; ///< all 0 in the beginning, which is none
};

} // namespace sockops
