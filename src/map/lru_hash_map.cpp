// SPDX-License-Identifier: MIT
// A HASH and a list of its slots by age.
#include <sockops/map/lru_hash_map.hpp>

#include "hash_steps.hpp"

namespace sockops {

void detail::age_list::push_youngest(u32 slot) noexcept {
	const u32 second = at(0).older;
	at(slot) = {second, 0};
	at(second).younger = slot;
	at(0).older = slot;
}

void detail::age_list::remove(u32 slot) noexcept {
	const auto [older, younger] = at(slot);
	at(older).younger = younger;
	at(younger).older = older;
}

/// One slot more than elements, as of a HASH.
lru_hash_map::lru_hash_map(const bpf_map_attr& with)
	: keyed_map(with, with.value_size, with.max_entries + 1), ages_(with.max_entries + 1) {}

void lru_hash_map::drop(u32 slot) noexcept {
	ages_.remove(slot);
	keyed_map::drop(slot);
}

/// Spares each element once that was looked up; programs that look up meanwhile do not hold it up for ever.
void lru_hash_map::evict() noexcept {
	for (u32 spared = 0; spared != count_ && table_.untouch(ages_.oldest()); ++spared) {
		const u32 young_again = ages_.oldest();
		ages_.remove(young_again);
		ages_.push_youngest(young_again);
	}
	const u32 victim = ages_.oldest();
	tell_observers(table_.key(victim), table_.value(victim));
	drop(victim);
}

int lru_hash_map::update_elem(const void* key, const void* value, u64 flags) noexcept {
	if (detail::unknown_way(flags, false))
		return -EINVAL;
	tell_observers(key);
	const u64 hash = table_.hash(key);
	std::lock_guard held(lock_);
	const u32 old = table_.find(key, hash);
	if (const int error = detail::refuse_hash_update(old != 0, flags))
		return error;
	if (!old && count_ == attr.max_entries)
		evict();
	const u32 fresh = table_.take();
	detail::store_words(table_.value(fresh), value, attr.value_size);
	if (old) {
		table_.replace(old, fresh, key, hash);
		table_.touch(fresh);
		ages_.remove(old);
		table_.give_back(old);
	} else {
		table_.insert(fresh, key, hash);
		++count_;
	}
	ages_.push_youngest(fresh);
	return 0;
}

void lru_hash_map::copy_out(u32 slot, void* value, u64) noexcept {
	detail::load_words(value, table_.value(slot), attr.value_size);
}

} // namespace sockops
