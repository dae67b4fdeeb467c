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
	: bpf_map(with), table_(with.key_size, with.value_size, with.max_entries, with.max_entries + 1),
	  ages_(with.max_entries + 1) {}

void lru_hash_map::drop(u32 slot) noexcept {
	table_.remove(slot);
	ages_.remove(slot);
	table_.give_back(slot);
	--count_;
}

/// Spares each element once that was looked up; programs that look up meanwhile do not hold it up for ever.
void lru_hash_map::evict() noexcept {
	for (u32 spared = 0; spared != count_ && table_.untouch(ages_.oldest()); ++spared) {
		const u32 young_again = ages_.oldest();
		ages_.remove(young_again);
		ages_.push_youngest(young_again);
	}
	drop(ages_.oldest());
}

int lru_hash_map::update_elem(const void* key, const void* value, u64 flags) noexcept {
	if (detail::unknown_way(flags, false))
		return -EINVAL;
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

int lru_hash_map::delete_elem(const void* key) noexcept {
	const u64 hash = table_.hash(key);
	std::lock_guard held(lock_);
	const u32 old = table_.find(key, hash);
	if (!old)
		return -ENOENT;
	drop(old);
	return 0;
}

int lru_hash_map::for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept {
	return detail::visit_each(table_,
							  [&](u32 at) noexcept { return visit(table_.key(at), table_.value(at), arg); });
}

int lru_hash_map::sys_lookup_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_reading(flags))
		return error;
	std::lock_guard held(lock_);
	const u32 found = table_.find(key, table_.hash(key));
	if (!found)
		return -ENOENT;
	detail::load_words(value, table_.value(found), attr.value_size);
	return 0;
}

int lru_hash_map::sys_update_elem(const void* key, const void* value, u64 flags) noexcept {
	const int error = refuse_writing(flags);
	return error ? error : update_elem(key, value, flags);
}

int lru_hash_map::sys_delete_elem(const void* key) noexcept {
	const int error = refuse_writing();
	return error ? error : delete_elem(key);
}

int lru_hash_map::get_next_key(const void* key, void* next) noexcept {
	if (const int error = refuse_reading())
		return error;
	std::lock_guard held(lock_);
	return detail::next_key(table_, key, next, attr.key_size);
}

} // namespace sockops
