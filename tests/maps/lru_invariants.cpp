// SPDX-License-Identifier: MIT
#include "lru_invariants.hpp"

#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include <sockops/map/map_flags.hpp>

namespace maps_diff {

using sockops::BPF_ANY;
using sockops::BPF_EXIST;
using sockops::BPF_NOEXIST;

void lru_invariants::expect(bool holds, const char* what, u32 key, long answer) {
	result_.count(holds, [&] {
		return std::string(map_.is_exact() ? "here" : "the kernel") + ", " + std::to_string(map_.most()) +
			   " elements, key " + std::to_string(key) + ": not so: " + what + " (" + std::to_string(answer) +
			   ")";
	});
}

bool lru_invariants::has(u32 key) {
	u64 value = 0;
	const long answer = map_.lookup(key, value);
	const auto last = written_.find(key);
	expect(answer == 0 || answer == -ENOENT, "a lookup finds it or answers -ENOENT", key, answer);
	if (answer == 0)
		expect(last != written_.end() && last->second == value, "its value is the last that was written", key,
			   static_cast<long>(value));
	return answer == 0;
}

void lru_invariants::update(u32 key, u64 flags) {
	const bool had = has(key);
	const u64 value = random_();
	const long answer = map_.update(key, value, flags);
	const long usual = had ? (flags == BPF_NOEXIST ? -EEXIST : 0) : (flags == BPF_EXIST ? -ENOENT : 0);
	const bool lost = had && answer != usual;
	evicted_for_itself_ += lost;
	if (lost && !map_.is_exact())
		expect(answer == (flags == BPF_EXIST ? -ENOENT : 0), "a key evicted for its update was not there",
			   key, answer);
	else
		expect(answer == usual, "an update answers what the key's presence says, never -E2BIG", key, answer);
	if (answer == 0)
		written_[key] = value;
	expect(has(key) == (answer != -ENOENT), "the key entered last is there", key, answer);
}

void lru_invariants::erase(u32 key) {
	const bool had = has(key);
	const long answer = map_.erase(key);
	expect(answer == (had ? 0 : -ENOENT), "a delete answers what the key's presence says", key, answer);
	expect(!has(key), "a deleted key is gone", key, answer);
	written_.erase(key);
}

void lru_invariants::walk() {
	std::set<u32> keys;
	u32 key = 0, next = 0;
	for (long error = map_.next_key(nullptr, next); error == 0; error = map_.next_key(&key, next)) {
		key = next;
		const bool fresh = keys.insert(key).second;
		expect(fresh, "a walk comes to each key once", key, 0);
		if (!fresh)
			return;
		expect(has(key), "a key that a walk comes to is found", key, 0);
	}
	expect(keys.size() <= map_.most(), "it has no more elements than it may", 0,
		   static_cast<long>(keys.size()));
}

void lru_invariants::step() {
	const u32 key = static_cast<u32>(random_() % (2 * map_.most() + 2));
	switch (random_() % 10) {
	case 0:
		return update(key, BPF_NOEXIST);
	case 1:
		return update(key, BPF_EXIST);
	case 2:
		return erase(key);
	case 3:
	case 4:
		return map_.look_up_in_program(std::span(&key, 1));
	case 5:
		has(key);
		if (random_() % 20 == 0)
			walk();
		return;
	default:
		return update(key, BPF_ANY);
	}
}

void lru_invariants::run(unsigned calls) {
	for (unsigned call = 0; call != calls; ++call)
		step();
	walk();
}

void lru_invariants::looked_up_keys_stay(u32 keys, unsigned further) {
	constexpr u32 first_further = 1u << 20;
	std::vector<u32> looked_up;
	for (u32 key = 0; key != keys; ++key) {
		looked_up.push_back(key);
		map_.look_up_in_program(looked_up);
		update(key, BPF_ANY);
	}
	for (u32 key = first_further; key != first_further + further; ++key) {
		map_.look_up_in_program(looked_up);
		update(key, BPF_ANY);
	}
	for (const u32 key : looked_up)
		expect(has(key), "what a program looks up again and again stays", key, 0);
	walk();
}

} // namespace maps_diff
