// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_LRU_HASH: a HASH that is never full: a further key evicts another. The oldest goes that no
// program has looked up since it was entered, or was last spared; a lookup from user space does not count.
//
// The kernel evicts by the same two lists for all CPUs, but in batches, and keeps free elements for each CPU,
// so that a map evicts before it has max_entries elements. Here it has them all. With BPF_F_NO_COMMON_LRU
// each CPU evicts for itself there; here this changes nothing.
#include "hash_steps.hpp"
#include "keyed_map.hpp"
#include "map_type.hpp"
#include "reserved_memory.hpp"

namespace sockops {

namespace {

/// Slots from the youngest to the oldest.
class age_list {
  public:
	explicit age_list(u32 slots) noexcept : memory_((u64{slots} + 1) * sizeof(neighbours)) {}
	bool valid() const noexcept { return memory_.valid(); }

	u32 oldest() const noexcept { return at(0).younger; }
	void push_youngest(u32 slot) noexcept;
	void remove(u32 slot) noexcept;

  private:
	/// Those of slot 0, which does not exist, are the ends: the list is a ring.
	struct neighbours {
		u32 older, younger;
	};
	neighbours& at(u32 slot) const noexcept { return reinterpret_cast<neighbours*>(memory_.begin())[slot]; }

	detail::reserved_memory memory_;
};

struct lru_hash_map final : detail::keyed_map {
	/// Takes attributes that bpf_map_create() has checked.
	explicit lru_hash_map(const bpf_map_attr& with);
	/// Was there memory?
	bool valid() const noexcept { return table_.valid() && ages_.valid(); }

	void* lookup_elem(const void* key) noexcept override {
		const u32 found = table_.find(key, table_.hash(key));
		if (!found)
			return nullptr;
		table_.touch(found);
		return table_.value(found);
	}
	/// As of a HASH, but never -E2BIG; BPF_F_LOCK is not known.
	int update_elem(const void* key, const void* value, u64 flags) noexcept override;

	bpf_map_area area() const noexcept override { return table_.area(attr.value_size); }

  private:
	void evict() noexcept;
	void drop(u32 slot) noexcept override;
	void copy_out(u32 slot, void* value, u64 flags) noexcept override;

	age_list ages_;
};

void age_list::push_youngest(u32 slot) noexcept {
	const u32 second = at(0).older;
	at(slot) = {second, 0};
	at(second).younger = slot;
	at(0).older = slot;
}

void age_list::remove(u32 slot) noexcept {
	const auto [older, younger] = at(slot);
	at(older).younger = younger;
	at(younger).older = older;
}

/// One slot more than elements, as of a HASH.
lru_hash_map::lru_hash_map(const bpf_map_attr& with)
	: keyed_map(with, with.value_size, with.max_entries + 1), ages_(with.max_entries + 1) {}

void lru_hash_map::drop(u32 slot) noexcept {
	ages_.remove(slot);
	detail::keyed_map::drop(slot);
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

void check_lru_hash(detail::attribute_check& check) { detail::keyed_map::check(check, {.lru = true}); }

} // namespace

const detail::map_type detail::lru_hash_type{check_lru_hash, make_map<lru_hash_map>};

} // namespace sockops
