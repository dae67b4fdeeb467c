// SPDX-License-Identifier: MIT
// What writers do with the table. Slots and buckets are memory of zeroes, which is what their atomics begin
// with.

#include <bit>
#include <type_traits>

#include "hash_table.hpp"

namespace sockops::detail {

hash_table::hash_table(u32 key_size, u32 value_size, u32 max_entries, u32 slots) noexcept
	: key_size_(key_size), mask_(std::bit_ceil(max_entries) - 1), value_offset_(padded(key_size)),
	  stride_(sizeof(element) + value_offset_ + padded(value_size)), count_(slots),
	  buckets_((u64{mask_} + 1) * sizeof(bucket)), slots_((count_ + 1) * stride_),
	  given_back_(count_ * sizeof(slot)), bucket_(reinterpret_cast<bucket*>(buckets_.begin())),
	  begin_(slots_.begin()) {
	static_assert(sizeof(element) == 16 && std::is_trivially_destructible_v<element>);
}

hash_table::slot hash_table::take() noexcept {
	if (given_back_count_ != 0)
		return reinterpret_cast<slot*>(given_back_.begin())[--given_back_count_];
	return taken_ever_ == count_ ? 0 : static_cast<slot>(++taken_ever_);
}

void hash_table::give_back(slot dead) noexcept {
	reinterpret_cast<slot*>(given_back_.begin())[given_back_count_++] = dead;
}

/// The key and then the hash, which makes a reader compare the key. The value is there already.
void hash_table::fill(slot fresh, const void* key, u64 hash) noexcept {
	store_words(this->key(fresh), key, key_size_);
	at(fresh).hash.store(hash, std::memory_order_release); // O: pairs with walk()
	at(fresh).touched.store(0, std::memory_order_relaxed);
}

void hash_table::insert(slot fresh, const void* key, u64 hash) noexcept {
	const u32 number = bucket_of(hash);
	std::atomic<u32>& first = bucket_[number].first;
	const u32 second = first.load(std::memory_order_relaxed);
	fill(fresh, key, hash);
	// N: release, pairs with walk()
	at(fresh).next.store(second == 0 ? number | end_bit : second, std::memory_order_release);
	first.store(fresh, std::memory_order_release); // N
}

void hash_table::replace(slot old, slot fresh, const void* key, u64 hash) noexcept {
	std::atomic<u32>& replaced = bucket_[bucket_of(hash)].replaced;
	std::atomic<u32>& link = link_to(old);
	fill(fresh, key, hash);
	// P: release, pairs with find(). Before the new slot has a place in the chain: a reader that gets along
	// by it sees the count.
	replaced.store(replaced.load(std::memory_order_relaxed) + 1, std::memory_order_release);
	at(fresh).next.store(at(old).next.load(std::memory_order_relaxed), std::memory_order_release); // N
	link.store(fresh, std::memory_order_release);                                                  // N
}

void hash_table::remove(slot old) noexcept {
	// N: the slot keeps its own link, for readers that are on it.
	link_to(old).store(at(old).next.load(std::memory_order_relaxed), std::memory_order_release);
}

/// The link that leads to an element.
std::atomic<u32>& hash_table::link_to(slot linked) const noexcept {
	std::atomic<u32>* link = &bucket_[bucket_of(at(linked).hash.load(std::memory_order_relaxed))].first;
	while (link->load(std::memory_order_relaxed) != linked)
		link = &at(link->load(std::memory_order_relaxed)).next;
	return *link;
}

bool hash_table::untouch(slot number) const noexcept {
	std::atomic<u32>& touched = at(number).touched;
	const bool was = touched.load(std::memory_order_relaxed) != 0;
	touched.store(0, std::memory_order_relaxed);
	return was;
}

hash_table::slot hash_table::first_in(u64 number) const noexcept {
	return slot_of(bucket_[number].first.load(std::memory_order_acquire)); // N
}

hash_table::slot hash_table::next_in_chain(slot after) const noexcept {
	return slot_of(at(after).next.load(std::memory_order_acquire)); // N
}

} // namespace sockops::detail
