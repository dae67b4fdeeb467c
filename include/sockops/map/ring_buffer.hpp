// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_RINGBUF: records from programs to one reader, in the order in which they were reserved.
//
// The memory is laid out as the kernel's, so that what maps it can read it: a page with the consumer's
// position, one with the producer's, then the data, which appears twice in a row so that a record is never
// broken. (The memfd has the data once: whoever maps it maps the data twice.) A record is 8 bytes of header
// (length, busy and discard bits, page offset) and its data, padded to 8.
//
// Context: what programs call on any thread, inside programs; the reader's calls on one thread at a time,
// outside of them. Writers take a lock for a moment. Not from a signal handler.
#pragma once

#include <functional>
#include <span>

#include <sockops/map/bpf_map.hpp>

namespace sockops {

/// Flags of bpf_ringbuf_submit(), _discard() and _output(): about waking a reader that waits in poll(2).
enum bpf_ringbuf_wakeup_flag : u64 { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2 };
/// What bpf_ringbuf_query() is asked for.
enum bpf_ringbuf_query_flag : u64 { BPF_RB_AVAIL_DATA, BPF_RB_RING_SIZE, BPF_RB_CONS_POS, BPF_RB_PROD_POS };

struct ring_buffer_map final : bpf_map {
	/// max_entries: bytes, a power of two and a multiple of the page size.
	explicit ring_buffer_map(const bpf_map_attr& with);
	~ring_buffer_map() override;
	/// Was there memory?
	bool valid() const noexcept { return header_ != nullptr; }

	// From programs.

	/// bpf_ringbuf_reserve(): room for `size` bytes, 8-aligned; nullptr: no room, too large, or flags. All
	/// records together, the oldest that is not submitted and what came after it too, are less than the
	/// buffer.
	void* reserve(u64 size, u64 flags) noexcept;
	/// Of what reserve() returned, once. Without flags the reader is woken if it has read all before.
	static void submit(void* record, u64 flags) noexcept;
	static void discard(void* record, u64 flags) noexcept;
	/// bpf_ringbuf_output(): 0; -EINVAL for unknown flags; -EAGAIN without room.
	int output(const void* data, u64 size, u64 flags) noexcept;
	/// bpf_ringbuf_query(); 0 for what it does not know.
	u64 query(u64 what) const noexcept;

	// The reader: one thread at a time.

	/// Hands each complete record to `record`, oldest first, and frees it; stops at one that is not yet
	/// submitted. Returns how many.
	std::size_t consume(const std::function<void(std::span<const std::byte>)>& record);
	bool take_records(void (*take)(const std::byte* record, std::size_t size, void* arg), void* arg) override;
	/// Records for which there was no room when they were to be reserved: what the kernel does not count.
	u64 lost() const noexcept;
	/// A descriptor for poll(2): readable after a submit that wakes. Not owned by the caller.
	int wakeup_fd() const noexcept { return wakeup_; }
	int memory_fd() const noexcept override { return memory_; }

  private:
	struct header;
	static void commit(void* record, u64 flags, u32 discarded) noexcept;

	header* header_ = nullptr;
	int memory_ = -1, wakeup_ = -1;
};

} // namespace sockops
