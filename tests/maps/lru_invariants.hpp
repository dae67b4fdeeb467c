// SPDX-License-Identifier: MIT
// What can be said for certain of an LRU_HASH that is full, whatever it evicts: held against random calls on
// one of the kernel's, and on one of the library's.
#pragma once

#include <map>
#include <random>
#include <span>

#include "lockstep.hpp"

namespace maps_diff {

/// An LRU_HASH of u32 keys and u64 values. Calls return 0 or -errno; all but the last are user space's.
struct lru_map {
	virtual ~lru_map() = default;
	virtual long update(u32 key, u64 value, u64 flags) = 0;
	virtual long lookup(u32 key, u64& value) = 0;
	virtual long erase(u32 key) = 0;
	virtual long next_key(const u32* key, u32& next) = 0;
	/// A program looks up each of them.
	virtual void look_up_in_program(std::span<const u32> keys) = 0;
	/// Elements that it has at most.
	virtual u32 most() const = 0;
	/// Does it evict only if it is full, and never for a key that it has? (The kernel's takes a free element
	/// before it looks for the key, and keeps some free for each CPU.)
	virtual bool is_exact() const = 0;
};

class lru_invariants {
  public:
	/// Of a map that is empty.
	lru_invariants(lru_map& map, std::uint64_t seed, diff_result& result)
		: map_(map), random_(seed), result_(result) {}
	/// Random calls with keys of which there are more than elements.
	void run(unsigned calls);
	/// A program looks up a few keys before each further key is entered: they stay.
	void looked_up_keys_stay(u32 keys, unsigned further);
	/// How often a key that was there was evicted for its own update.
	unsigned long evicted_for_itself() const noexcept { return evicted_for_itself_; }

  private:
	void step();
	void update(u32 key, u64 flags);
	void erase(u32 key);
	void walk();
	/// Also: is it what was last written?
	bool has(u32 key);
	void expect(bool holds, const char* what, u32 key, long answer);

	lru_map& map_;
	std::mt19937_64 random_;
	diff_result& result_;
	std::map<u32, u64> written_; ///< and not deleted: what the map may have
	unsigned long evicted_for_itself_ = 0;
};

} // namespace maps_diff
