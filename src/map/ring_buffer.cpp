// SPDX-License-Identifier: MIT
// A page of the map's own, then the pages that a reader may map. A record's header says how many pages it
// lies behind the first of all, so that submit() finds the map by the record.
//
// Letters at memory orders: Q publishes positions and records. R keeps a wake-up from being lost: a producer
// submits and then looks how far the reader is, the reader says how far it is and then looks for a record.
// All four being seq_cst, one of the two sees what the other did.

#include <sockops/map/ring_buffer.hpp>

#include <bit>
#include <cerrno>
#include <cstring>
#include <limits>
#include <mutex>
#include <new>

#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "map_type.hpp"
#include "reserved_memory.hpp"
#include "ring_record.hpp"

namespace sockops {

using detail::ring_record;

namespace {
constexpr u64 page = 4096;
/// RINGBUF_MAX_RECORD_SZ
constexpr u64 max_record_size = std::numeric_limits<u32>::max() / 4;
constexpr u64 shared_pages = 2; ///< of positions, in the memfd before the data

void check_ring_buffer(detail::attribute_check& check) {
	const bpf_map_attr& attr = check.attr();
	check.flags_among(BPF_F_NUMA_NODE)
		.has_no_key()
		.value_is(0, "make it 0")
		.refuse_if(!std::has_single_bit(attr.max_entries) || attr.max_entries % page != 0, EINVAL,
				   "max_entries", attr.max_entries, "it is a power of two of bytes, from 4096 on");
}
} // namespace

const detail::map_type detail::ring_buffer_type{check_ring_buffer, make_map<ring_buffer_map>};

struct ring_buffer_map::header {
	header(u64 bytes, int wakes) noexcept : mask(bytes - 1), wakeup(wakes) {}

	std::mutex lock; ///< of producers
	const u64 mask;
	const int wakeup;
	u64 pending = 0; ///< under the lock: what lies before is submitted
	std::atomic<u64> lost{0};
	/// In pages of their own, which the reader shares.
	alignas(page) std::atomic<u64> consumer{0};
	alignas(page) std::atomic<u64> producer{0};

	std::byte* begin() noexcept { return reinterpret_cast<std::byte*>(this); }
	std::byte* data() noexcept { return begin() + sizeof(header); }
	ring_record& record_at(u64 position) noexcept {
		return *reinterpret_cast<ring_record*>(data() + (position & mask));
	}
	/// A busy record with room for so many bytes; nullptr: no room.
	ring_record* reserve(u32 size) noexcept;
	/// Moves `pending` on to the first busy record, or to `end`.
	void skip_submitted(u64 end) noexcept;
	void wake() noexcept;
};

void ring_buffer_map::header::skip_submitted(u64 end) noexcept {
	while (pending != end) {
		const u32 word = record_at(pending).length.load(std::memory_order_relaxed);
		if (word & detail::ring_busy)
			return;
		pending += ring_record::bytes(word);
	}
}

ring_record* ring_buffer_map::header::reserve(u32 size) noexcept {
	const u64 length = ring_record::bytes(size);
	std::lock_guard held(lock);
	const u64 begin_at = producer.load(std::memory_order_relaxed), end_at = begin_at + length;
	skip_submitted(begin_at);
	// Q: acquire, pairs with consume(): the reader is done with what will be written to.
	if (end_at - consumer.load(std::memory_order_acquire) > mask || end_at - pending > mask)
		return nullptr;
	ring_record& record = record_at(begin_at);
	record.length.store(size | detail::ring_busy, std::memory_order_relaxed);
	record.page_offset =
		static_cast<u32>(static_cast<u64>(reinterpret_cast<std::byte*>(&record) - begin()) / page);
	producer.store(end_at, std::memory_order_seq_cst); // Q: pairs with consume(). R.
	return &record;
}

void ring_buffer_map::header::wake() noexcept {
	const u64 one = 1;
	// Full (2^64 - 1 wake-ups that nobody read): it is readable all the same.
	[[maybe_unused]] const ssize_t written = ::write(wakeup, &one, sizeof one);
}

namespace {

void* map_at(std::byte* where, u64 bytes, int flags, int fd, u64 offset) noexcept {
	return ::mmap(where, bytes, PROT_READ | PROT_WRITE, flags | MAP_FIXED | MAP_NORESERVE, fd,
				  static_cast<off_t>(offset));
}

/// The address range of a ring: own page, positions, data, data again. nullptr: no memory.
std::byte* map_ring(u64 data, int memfd) noexcept {
	const u64 total = (1 + shared_pages) * page + 2 * data, again = total - data;
	void* const room = ::mmap(nullptr, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (room == MAP_FAILED)
		return nullptr;
	auto* const begin = static_cast<std::byte*>(room);
	if (map_at(begin, page, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED &&
		map_at(begin + page, shared_pages * page + data, MAP_SHARED, memfd, 0) != MAP_FAILED &&
		map_at(begin + again, data, MAP_SHARED, memfd, shared_pages * page) != MAP_FAILED)
		return begin;
	::munmap(room, total);
	return nullptr;
}

} // namespace

ring_buffer_map::ring_buffer_map(const bpf_map_attr& with)
	: bpf_map(with), memory_(detail::make_memfd("bpf_ringbuf", shared_pages * page + with.max_entries)),
	  wakeup_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
	static_assert(sizeof(header) == (1 + shared_pages) * page);
	if (memory_ < 0 || wakeup_ < 0)
		return;
	if (std::byte* const begin = map_ring(attr.max_entries, memory_))
		header_ = new (begin) header(attr.max_entries, wakeup_);
}

ring_buffer_map::~ring_buffer_map() {
	if (header_) {
		header_->~header();
		::munmap(header_, sizeof(header) + 2 * u64{attr.max_entries});
	}
	if (memory_ >= 0)
		::close(memory_);
	if (wakeup_ >= 0)
		::close(wakeup_);
}

void* ring_buffer_map::reserve(u64 size, u64 flags) noexcept {
	if (flags != 0)
		return nullptr;
	ring_record* record = nullptr;
	if (size <= max_record_size && ring_record::bytes(static_cast<u32>(size)) <= attr.max_entries)
		record = header_->reserve(static_cast<u32>(size));
	if (!record)
		header_->lost.fetch_add(1, std::memory_order_relaxed);
	return record ? record->data() : nullptr;
}

u64 ring_buffer_map::lost() const noexcept { return header_->lost.load(std::memory_order_relaxed); }

void ring_buffer_map::commit(void* data, u64 flags, u32 discarded) noexcept {
	auto* const record = static_cast<ring_record*>(data) - 1;
	auto* const first_page =
		reinterpret_cast<std::byte*>(reinterpret_cast<std::uintptr_t>(record) & ~(page - 1));
	auto& ring = *reinterpret_cast<header*>(first_page - record->page_offset * page);
	const u32 size = record->length.load(std::memory_order_relaxed) & ~detail::ring_busy;
	record->length.exchange(size | discarded, std::memory_order_seq_cst); // Q: pairs with consume(). R.
	const u64 consumer = ring.consumer.load(std::memory_order_seq_cst) & ring.mask; // R
	const bool read_so_far = &ring.record_at(consumer) == record;
	if ((flags & BPF_RB_FORCE_WAKEUP) || (read_so_far && !(flags & BPF_RB_NO_WAKEUP)))
		ring.wake();
}

void ring_buffer_map::submit(void* record, u64 flags) noexcept { commit(record, flags, 0); }
void ring_buffer_map::discard(void* record, u64 flags) noexcept {
	commit(record, flags, detail::ring_discarded);
}

int ring_buffer_map::output(const void* data, u64 size, u64 flags) noexcept {
	if (flags & ~u64{BPF_RB_NO_WAKEUP | BPF_RB_FORCE_WAKEUP})
		return -EINVAL;
	void* const record = reserve(size, 0);
	if (!record)
		return -EAGAIN;
	std::memcpy(record, data, size);
	submit(record, flags);
	return 0;
}

u64 ring_buffer_map::query(u64 what) const noexcept {
	const u64 consumer = header_->consumer.load(std::memory_order_acquire); // Q: as in reserve()
	const u64 producer = header_->producer.load(std::memory_order_acquire); // Q: pairs with reserve()
	switch (what) {
	case BPF_RB_AVAIL_DATA:
		return producer - consumer;
	case BPF_RB_RING_SIZE:
		return header_->mask + 1;
	case BPF_RB_CONS_POS:
		return consumer;
	case BPF_RB_PROD_POS:
		return producer;
	default:
		return 0;
	}
}

std::size_t ring_buffer_map::consume(const std::function<void(std::span<const std::byte>)>& record) {
	u64 wakeups; // read before the records are: what wakes from here on is seen or wakes again
	[[maybe_unused]] const ssize_t cleared = ::read(wakeup_, &wakeups, sizeof wakeups);
	std::size_t handed = 0;
	u64 at = header_->consumer.load(std::memory_order_relaxed);
	// Q: acquire, pairs with reserve(). R.
	while (at != header_->producer.load(std::memory_order_seq_cst)) {
		ring_record& next = header_->record_at(at);
		const u32 word = next.length.load(std::memory_order_seq_cst); // Q: pairs with commit(). R.
		if (word & detail::ring_busy)
			break;
		if (!(word & detail::ring_discarded)) {
			record({next.data(), word});
			++handed;
		}
		at += ring_record::bytes(word);
		header_->consumer.store(at, std::memory_order_seq_cst); // Q: pairs with reserve(). R.
	}
	return handed;
}

bool ring_buffer_map::take_records(void (*take)(const std::byte*, std::size_t, void*), void* arg) {
	consume([&](std::span<const std::byte> record) { take(record.data(), record.size(), arg); });
	return true;
}

} // namespace sockops
