// SPDX-License-Identifier: MIT
// Maps for the tests, and threads that run for a while.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <sockops/map/bpf_map.hpp>

namespace map_test {

using namespace sockops;

/// The map, or a failure with the words of why.
inline bpf_map_ptr make_map(const bpf_map_attr& attr) {
	bpf_map_ptr map;
	std::string why;
	EXPECT_EQ(bpf_map_create(attr, map, why), 0) << why;
	return map;
}
template <class Map>
Map& as(const bpf_map_ptr& map) {
	return dynamic_cast<Map&>(*map.get());
}

/// A map with keys and values of these types.
template <class Key, class Value>
bpf_map_attr attr_of(bpf_map_type type, u32 max_entries, u32 flags = 0) {
	return {.map_type = type,
			.key_size = sizeof(Key),
			.value_size = sizeof(Value),
			.max_entries = max_entries,
			.map_flags = flags};
}

/// Runs each of them on a thread of its own until the time is over, and longer where that was not enough (on
/// a machine that has much else to do); they ask stopped().
class for_a_while {
  public:
	bool stopped() const noexcept { return stop_.load(std::memory_order_relaxed); }
	void run(
		const std::vector<std::function<void()>>& bodies,
		const std::function<bool()>& enough = [] { return true; },
		std::chrono::milliseconds time = std::chrono::milliseconds(400)) {
		std::vector<std::thread> threads;
		for (const auto& body : bodies)
			threads.emplace_back(body);
		do
			std::this_thread::sleep_for(time);
		while (!enough());
		stop_.store(true, std::memory_order_relaxed);
		for (std::thread& each : threads)
			each.join();
	}

  private:
	std::atomic<bool> stop_{false};
};

} // namespace map_test
