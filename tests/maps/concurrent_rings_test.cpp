// SPDX-License-Identifier: MIT
// Producers of a ring buffer and of a PERF_EVENT_ARRAY against their reader: each record arrives once, whole,
// in the order of its producer; and a reader that waits in poll(2) is woken.
#include <array>
#include <cstring>

#include <poll.h>

#include <sockops/map/perf_event_array.hpp>
#include <sockops/map/ring_buffer.hpp>

#include "support.hpp"

namespace {

using namespace map_test;

constexpr u32 producers = 2;

/// Some length, and each word of it tells the record.
struct record {
	u64 producer, number;
	std::array<u64, 30> more;

	record(u64 who, u64 which) noexcept : producer(who), number(which) { more.fill(who << 48 | which); }
	std::size_t size() const noexcept { return 16 + number % 31 * 8; }
	bool whole(std::span<const std::byte> bytes) const noexcept {
		return bytes.size() == size() && std::memcmp(bytes.data(), this, size()) == 0;
	}
};

record header_of(std::span<const std::byte> bytes) {
	u64 words[2];
	std::memcpy(words, bytes.data(), sizeof words);
	return {words[0] % producers, words[1]};
}

struct ring_traffic {
	bpf_map_ptr map = make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096});
	ring_buffer_map& ring = as<ring_buffer_map>(map);
	std::array<u64, producers> expected{};
	std::atomic<long> wrong{0}, no_room{0};
	u64 handed = 0;

	/// Every third is discarded, every fifth goes by output().
	void produce(u64 who, u64 count) {
		for (u64 n = 0; n != count;) {
			const record mine(who, n);
			rcu_read_guard reading;
			if (n % 5 == 0 && n % 3 != 0) {
				const int error = ring.output(&mine, mine.size(), 0);
				wrong += error != 0 && error != -EAGAIN;
				n += error == 0;
				no_room += error != 0;
				continue;
			}
			void* const room = ring.reserve(mine.size(), 0);
			if (!room) {
				++no_room;
				continue;
			}
			std::memcpy(room, &mine, mine.size());
			if (n % 3 == 0)
				ring_buffer_map::discard(room, 0);
			else
				ring_buffer_map::submit(room, 0);
			++n;
		}
	}
	void check(std::span<const std::byte> bytes) {
		const record seen = header_of(bytes);
		u64& next = expected[seen.producer];
		next += next % 3 == 0; // was discarded
		wrong += seen.number != next || !seen.whole(bytes);
		++next;
		++handed;
	}
	/// Until so many were handed out; a wait of seconds is a lost wake-up.
	void consume(u64 count) {
		while (handed != count) {
			ring.consume([this](std::span<const std::byte> bytes) { check(bytes); });
			if (handed == count)
				return;
			pollfd wait{ring.wakeup_fd(), POLLIN, 0};
			if (::poll(&wait, 1, 10'000) != 1) {
				ADD_FAILURE() << "no wake-up after " << handed << " records";
				return;
			}
		}
	}
};

TEST(concurrent_ring_buffer, each_record_arrives_once_whole_and_in_order) {
	ring_traffic traffic;
	constexpr u64 each = 30'000;
	std::thread reader([&] { traffic.consume(producers * each * 2 / 3); });
	std::vector<std::thread> writers;
	for (u64 who = 0; who != producers; ++who)
		writers.emplace_back([&, who] { traffic.produce(who, each); });
	for (std::thread& writer : writers)
		writer.join();
	reader.join();
	EXPECT_EQ(traffic.wrong, 0);
	EXPECT_GT(traffic.no_room, 0) << "it was never full";
	traffic.ring.consume([&](std::span<const std::byte>) { ++traffic.wrong; });
	EXPECT_EQ(traffic.wrong, 0) << "something is left";
	EXPECT_EQ(traffic.ring.query(BPF_RB_AVAIL_DATA), 0u);
}

TEST(concurrent_perf_event_array, each_record_arrives_once_whole_or_is_counted_as_lost) {
	const auto map = make_map(attr_of<u32, u32>(BPF_MAP_TYPE_PERF_EVENT_ARRAY, num_possible_cpus));
	auto& events = as<perf_event_array_map>(map);
	constexpr u64 count = 50'000;
	std::atomic<u32> cpu{~0u};
	std::atomic<bool> done{false};
	std::atomic<u64> full{0};
	std::thread writer([&] {
		const u32 mine = smp_processor_id();
		EXPECT_EQ(events.open(mine, 4096), 0);
		cpu = mine;
		for (u64 n = 0; n != count; ++n) {
			const record each(0, n);
			const int error = events.output(perf_index_mask, &each, each.size());
			EXPECT_TRUE(error == 0 || error == -ENOSPC);
			full += error != 0;
		}
		done = true;
	});
	u64 handed = 0, last = 0, wrong = 0;
	const auto check = [&](std::span<const std::byte> bytes) {
		const record seen = header_of(bytes);
		wrong += (handed != 0 && seen.number <= last) || !seen.whole(bytes);
		last = seen.number;
		++handed;
	};
	while (!done)
		if (cpu != ~0u)
			events.consume(cpu, check);
	events.consume(cpu, check);
	writer.join();
	EXPECT_EQ(wrong, 0u);
	EXPECT_EQ(handed + full, count);
	EXPECT_EQ(events.lost(cpu), full);
	EXPECT_GT(handed, 0u);
}

} // namespace
