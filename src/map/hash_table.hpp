// SPDX-License-Identifier: MIT
// The table behind the maps with keys: slots of a fixed size, which hold a key and perhaps a value and hang
// in chains. Readers walk the chains under RCU, with no lock; writers hold the map's lock.
//
// A slot that was given back may be used again at once, while readers are still on it: in a full map a
// program deletes an element and enters another in one run, and no grace period ends meanwhile. So a reader
// can be carried off to another chain, and notices by two things:
//
//   ends       the link that ends a chain names its bucket. At another's end the reader begins again.
//   replaced   an element that takes another's place in mid-chain may stand in a slot that a reader knows
//              from further in front: it would jump over what lies between. Each bucket counts such, and a
//              reader that has found nothing begins again if the count has moved. (An element that is entered
//              at the head cannot hide anything: the whole chain follows.)
//
// Only a reader that finds nothing looks at either. What is found is what the kernel gives: a slot that had
// the key when it was compared, and that may get another until the program ends.
//
// No container of Debian's does this. liburcu's lfht allocates a node for each element and frees it a grace
// period later, so that a full map stays full; its nodes are not in one area, as addresses that programs hold
// must be; and its macros rename our functions. TBB's concurrent_hash_map locks the element for a reader, and
// its unordered maps cannot erase while others read.
#pragma once

#include <sockops/map/bpf_map.hpp>

#include "key_hash.hpp"
#include "reserved_memory.hpp"

namespace sockops::detail {

class hash_table {
  public:
	/// Number of a slot; 0: none.
	using slot = u32;

	/// `value_size`: bytes of a value beside the key, 0: none there. `slots`: elements at a time.
	hash_table(u32 key_size, u32 value_size, u32 max_entries, u32 slots) noexcept;
	bool valid() const noexcept { return buckets_.valid() && slots_.valid() && given_back_.valid(); }

	// Inside a section, or under the lock.

	u64 hash(const void* key) const noexcept { return hash_key(key, key_size_); }
	slot find(const void* key, u64 hash) const noexcept;
	std::byte* key(slot at) const noexcept { return begin_ + at * stride_ + sizeof(element); }
	std::byte* value(slot at) const noexcept { return key(at) + value_offset_; }
	/// Whose value beside the key this address is.
	slot of_value(const void* value) const noexcept {
		return static_cast<slot>(static_cast<u64>(static_cast<const std::byte*>(value) - this->value(0)) /
								 stride_);
	}
	/// Marks that a value was looked up; and whether it was, since this was last asked.
	void touch(slot at) const noexcept;
	bool untouch(slot at) const noexcept;

	// Walks over all elements: bucket by bucket, along each chain. 0: that was the last.

	u64 bucket_count() const noexcept { return u64{mask_} + 1; }
	u32 bucket_of(u64 hash) const noexcept { return static_cast<u32>(hash) & mask_; }
	slot first_in(u64 bucket) const noexcept;
	slot next_in_chain(slot after) const noexcept;

	// Under the lock.

	/// A slot that is in no chain; 0: none is left. Its value is to be written before it is linked.
	slot take() noexcept;
	void give_back(slot dead) noexcept;
	/// Links an element at the head of its chain.
	void insert(slot fresh, const void* key, u64 hash) noexcept;
	/// Links an element in the place of another with the same key.
	void replace(slot old, slot fresh, const void* key, u64 hash) noexcept;
	void remove(slot old) noexcept;

	/// Of the values beside the keys.
	bpf_map_area area(u32 value_size) const noexcept { return {value(0), stride_, count_ + 1, value_size}; }

  private:
	/// A slot begins with it; the key follows, padded to words, then the value.
	struct element {
		std::atomic<u64> hash;
		std::atomic<u32> next;    ///< a link
		std::atomic<u32> touched; ///< by a program's lookup
	};
	/// All 0 in the beginning, which is an empty one.
	struct bucket {
		std::atomic<u32> first;    ///< a link
		std::atomic<u32> replaced; ///< how often an element took another's place
	};
	/// A link is the number of a slot, or an end; 0, of a bucket nothing was ever in, is an end too.
	static constexpr u32 end_bit = u32{1} << 31;

	element& at(slot number) const noexcept { return *reinterpret_cast<element*>(begin_ + number * stride_); }
	bool has_key(const element& here, const std::byte* key) const noexcept;
	/// A reader's walk: the slot, or 0 and the link that the chain ended with.
	slot walk(const bucket& in, const std::byte* key, u64 hash, u32& end) const noexcept;
	std::atomic<u32>& link_to(slot linked) const noexcept;
	void fill(slot fresh, const void* key, u64 hash) noexcept;
	static slot slot_of(u32 link) noexcept { return link & end_bit ? 0 : link; }

	u32 key_size_, mask_;
	u64 value_offset_, stride_; ///< of a value from its key; from a slot to the next
	u64 count_;                 ///< slots, numbered from 1
	reserved_memory buckets_, slots_, given_back_;
	bucket* bucket_;
	std::byte* begin_;
	u64 taken_ever_ = 0, given_back_count_ = 0;
};

inline bool hash_table::has_key(const element& here, const std::byte* key) const noexcept {
	// A key that is being changed can be read as a mixture; that its hash is the one looked for, too, takes a
	// collision of 64 bits.
	const auto* mine = reinterpret_cast<const std::byte*>(&here + 1);
	u32 left = key_size_;
	for (; left >= sizeof(u64); left -= u32{sizeof(u64)}, mine += sizeof(u64), key += sizeof(u64))
		if (read_word(mine) != load_word(key))
			return false;
	return left == 0 || read_word(mine) == load_tail(key, left);
}

inline hash_table::slot hash_table::walk(const bucket& in, const std::byte* key, u64 hash,
										 u32& end) const noexcept {
	// N: acquire, pairs with insert(), replace() and remove(); an element's value and key were written
	// before any link to it.
	u32 link = in.first.load(std::memory_order_acquire);
	while (link != 0 && !(link & end_bit)) {
		const element& here = at(link);
		// O: acquire, pairs with fill(): a reader that has strayed onto a slot reads the value of its new
		// key.
		if (here.hash.load(std::memory_order_acquire) == hash && has_key(here, key))
			return link;
		link = here.next.load(std::memory_order_acquire); // N
	}
	end = link;
	return 0;
}

inline hash_table::slot hash_table::find(const void* key, u64 hash) const noexcept {
	const u32 number = bucket_of(hash);
	const bucket& in = bucket_[number];
	for (;;) {
		// P: acquire, pairs with replace(): whoever reads the count sees the chain as it was then, or later.
		const u32 before = in.replaced.load(std::memory_order_acquire);
		u32 end = 0;
		if (const slot found = walk(in, static_cast<const std::byte*>(key), hash, end)) [[likely]]
			return found;
		// What the links showed (N) had been counted before.
		if ((end == 0 || end == (number | end_bit)) && in.replaced.load(std::memory_order_relaxed) == before)
			[[likely]]
			return 0;
	}
}

inline void hash_table::touch(slot number) const noexcept {
	std::atomic<u32>& touched = at(number).touched;
	if (touched.load(std::memory_order_relaxed) == 0)
		touched.store(1, std::memory_order_relaxed);
}

} // namespace sockops::detail
