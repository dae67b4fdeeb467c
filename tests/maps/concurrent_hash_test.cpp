// SPDX-License-Identifier: MIT
// Readers against writers that use slots again at once. A key that is always there is always found, whatever
// happens around it and to its own value; one that never was is never found; and words of values are words
// that somebody stored.
#include <bit>

#include "../../src/map/key_hash.hpp"
#include "support.hpp"

namespace {

using namespace map_test;

constexpr u32 stays = 64, goes = 64, room = stays + goes / 2; // often full

/// Keys of several words, so that one in change is a mixture: the second tells what the first must be.
struct long_key {
	u64 number, check, more;
	explicit long_key(u64 n) noexcept : number(n), check(n * 0x9e37'79b9'7f4a'7c15), more(~n) {}
};
constexpr u64 magic = 0x5ca1'ab1e;
/// Each word by itself shows that it was stored; three alike, that they were stored together.
struct proof {
	u64 words[3];
	explicit proof(u64 n = 0) noexcept : words{n << 32 | magic, n << 32 | magic, n << 32 | magic} {}
};

u64 shared_word(void* value, unsigned which) {
	return std::atomic_ref<u64>(static_cast<u64*>(value)[which]).load(std::memory_order_relaxed);
}

struct churn {
	bpf_map_ptr map;
	for_a_while time;
	std::atomic<long> wrong{0}, found{0}, hits{0}, missed{0}, entered{0}, replaced{0}, deleted{0}, full{0};

	explicit churn(bpf_map_type type, u32 flags = 0)
		: map(make_map(attr_of<long_key, proof>(type, room, flags))) {
		for (u64 n = 0; n != stays; ++n)
			wrong += enter(n, n) != 0;
	}
	int enter(u64 key, u64 value, u64 flags = BPF_ANY) {
		const long_key k(key);
		const proof v(value);
		return map.get()->update_elem(&k, &v, flags);
	}
	void check_words(void* value) {
		for (unsigned which = 0; which != 3; ++which)
			wrong += static_cast<u32>(shared_word(value, which)) != magic;
	}
	void read() {
		while (!time.stopped())
			for (u64 n = 0; n != stays + goes; ++n) {
				const long_key key(n), never(n + 1'000'000);
				rcu_read_guard reading;
				void* const value = map.get()->lookup_elem(&key);
				wrong += n < stays && !value;
				wrong += map.get()->lookup_elem(&never) != nullptr;
				(value ? found : missed)++;
				if (value)
					check_words(value);
			}
	}
	/// User space reads whole values, of the key.
	void read_whole() {
		while (!time.stopped())
			for (u64 n = 0; n != stays + goes; ++n) {
				const long_key key(n);
				proof value;
				const int error = map.get()->sys_lookup_elem(&key, &value, 0);
				wrong += error != 0 && (error != -ENOENT || n < stays);
				if (error == 0)
					wrong += value.words[0] != value.words[1] || value.words[0] != value.words[2] ||
							 (value.words[0] >> 32) % 1000 != n;
				hits += error == 0;
			}
	}
	/// Each writer has keys of its own to enter and delete, and replaces those that stay.
	void write(u64 first) {
		for (u64 round = 1; !time.stopped(); ++round)
			for (u64 n = first; n < stays + goes; n += 2) {
				const u64 value = round % 1000 * 1000 + n;
				const long_key key(n);
				if (n < stays) {
					wrong += enter(n, value, BPF_EXIST) != 0;
					++replaced;
				} else if ((round + n) % 3 != 0) {
					const int error = enter(n, value);
					wrong += error != 0 && error != -E2BIG;
					(error == 0 ? entered : full)++;
				} else {
					deleted += map.get()->delete_elem(&key) == 0;
				}
			}
	}
	void run() {
		time.run({[this] { read(); }, [this] { read(); }, [this] { read_whole(); }, [this] { write(0); },
				  [this] { write(1); }},
				 [this] {
					 return found > 1000 && missed > 100 && hits > 1000 && replaced > 1000 &&
							entered > 1000 && deleted > 100 && full > 100;
				 });
		EXPECT_EQ(wrong, 0);
		EXPECT_GT(found, 1000);
		EXPECT_GT(missed, 100);
		EXPECT_GT(hits, 1000);
		EXPECT_GT(replaced, 1000);
		EXPECT_GT(entered, 1000);
		EXPECT_GT(deleted, 100);
		EXPECT_GT(full, 100);
	}
};

TEST(concurrent_hash, keys_that_stay_are_found_while_others_come_and_go) { churn(BPF_MAP_TYPE_HASH).run(); }
TEST(concurrent_hash, no_prealloc_likewise) { churn(BPF_MAP_TYPE_HASH, BPF_F_NO_PREALLOC).run(); }

/// A map whose elements hang in two long chains, so that readers are on their way for long. The last of each
/// chain always stays.
struct two_chains {
	static constexpr u32 length = 24, room = 4 * length;
	bpf_map_ptr map = make_map(attr_of<u64, u64>(BPF_MAP_TYPE_HASH, room));
	std::vector<u64> keys[2];
	for_a_while time;
	std::atomic<long> wrong{0}, read{0}, written{0};

	two_chains() {
		for (u64 key = 0; keys[0].size() != length || keys[1].size() != length; ++key) {
			const u64 bucket = detail::hash_key(&key, sizeof key) % std::bit_ceil(room);
			if (bucket < 2 && keys[bucket].size() != length)
				keys[bucket].push_back(key);
		}
		enter(keys[0].front()); // later ones hang before it
		enter(keys[1].front());
	}
	void enter(u64 key) { wrong += map.get()->update_elem(&key, &key, BPF_ANY) != 0; }
	void erase(u64 key) { wrong += map.get()->delete_elem(&key) != 0; }
	void look_for_the_last() {
		for (; !time.stopped(); ++read)
			for (const auto& chain : keys) {
				rcu_read_guard reading;
				wrong += !map.get()->lookup_elem(&chain.front());
			}
	}
	void run(const std::function<void()>& writer) {
		time.run({[this] { look_for_the_last(); }, [this] { look_for_the_last(); },
				  [&] {
					  for (; !time.stopped(); ++written)
						  writer();
				  }},
				 [this] { return read > 1000 && written > 100; });
		EXPECT_EQ(wrong, 0);
		EXPECT_GT(read, 1000);
		EXPECT_GT(written, 100);
	}
};

TEST(concurrent_hash, a_slot_that_goes_over_to_another_chain_takes_no_reader_with_it) {
	two_chains chains;
	for (std::size_t i = 1; i != two_chains::length; ++i)
		chains.enter(chains.keys[0][i]);
	chains.run([&] {
		for (const int from : {0, 1})
			for (std::size_t i = 1; i != two_chains::length; ++i) {
				chains.erase(chains.keys[from][i]);
				chains.enter(chains.keys[1 - from][i]); // in the same slot
			}
	});
}

/// Here no end tells.
TEST(concurrent_hash, slots_that_change_places_in_a_chain_hide_nothing) {
	two_chains chains;
	for (const auto& chain : chains.keys)
		for (std::size_t i = 1; i != two_chains::length; ++i)
			chains.enter(chain[i]);
	chains.run([&] {
		// One after the other in the slot of the one before: to the front, and to the back.
		for (std::size_t i = 1; i != two_chains::length; ++i)
			chains.enter(chains.keys[0][i]);
		for (std::size_t i = two_chains::length; i-- != 1;)
			chains.enter(chains.keys[0][i]);
		chains.enter(chains.keys[0].front());
	});
}

TEST(concurrent_hash, an_lru_map_is_never_full_and_gives_whole_values) {
	const auto map = make_map(attr_of<u64, proof>(BPF_MAP_TYPE_LRU_HASH, 50));
	for_a_while time;
	std::atomic<long> wrong{0}, found{0}, entered{0};
	const auto write = [&](u64 first) {
		for (u64 n = first; !time.stopped(); n += 2) {
			const u64 key = n % 200;
			const proof value(key);
			wrong += map.get()->update_elem(&key, &value, BPF_ANY) != 0;
			++entered;
			if (n % 7 == 0)
				(void)map.get()->delete_elem(&key);
		}
	};
	const auto read = [&] {
		for (u64 n = 0; !time.stopped(); ++n) {
			const u64 key = n % 200;
			proof value;
			{
				rcu_read_guard reading;
				if (void* const mine = map.get()->lookup_elem(&key)) {
					wrong += static_cast<u32>(shared_word(mine, n % 3)) != magic;
					++found;
				}
			}
			if (map.get()->sys_lookup_elem(&key, &value, 0) == 0)
				for (const u64 word : value.words)
					wrong += word != proof(key).words[0];
		}
	};
	time.run({read, read, [&] { write(0); }, [&] { write(1); }},
			 [&] { return found > 100 && entered > 1000; });
	EXPECT_EQ(wrong, 0);
	EXPECT_GT(found, 100);
	EXPECT_GT(entered, 1000);
	unsigned count = 0;
	u64 key = 0;
	for (int error = map.get()->get_next_key(nullptr, &key); error == 0;
		 error = map.get()->get_next_key(&key, &key))
		++count;
	EXPECT_LE(count, 50u);
}

TEST(concurrent_hash, walks_end_while_elements_come_and_go) {
	const auto map = make_map(attr_of<u64, u64>(BPF_MAP_TYPE_HASH, 40));
	for_a_while time;
	std::atomic<long> wrong{0}, visited{0};
	const auto write = [&] {
		for (u64 n = 0; !time.stopped(); ++n) {
			const u64 key = n % 60;
			if (const u64 other = n % 40; map.get()->update_elem(&key, &n, BPF_ANY) != 0)
				(void)map.get()->delete_elem(&other);
		}
	};
	const auto walk = [&] {
		while (!time.stopped()) {
			rcu_read_guard reading;
			visited += map.get()->for_each(
				[](void* key, void*, void*) {
					return std::atomic_ref<u64>(*static_cast<u64*>(key)).load(std::memory_order_relaxed) < 60
							   ? 0
							   : 1;
				},
				nullptr);
		}
	};
	time.run({walk, write, write}, [&] { return visited > 1000; });
	EXPECT_EQ(wrong, 0);
	EXPECT_GT(visited, 1000);
}

} // namespace
