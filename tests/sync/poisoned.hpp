// SPDX-License-Identifier: MIT
// Programs that can tell when they are called after their death, for the stress tests.
#pragma once

#include <array>
#include <atomic>
#include <new>

#include <sockops/sockops.hpp>

namespace sync_test {

inline constexpr sockops::u32 magic_alive = 0xa11e600d;
inline constexpr sockops::u32 magic_dead = 0xdeadbeef;

inline std::atomic<long> handlers_created{0};
inline std::atomic<long> handlers_destroyed{0};
inline std::atomic<long> dead_calls{0};

/// What one dispatch ran: the generations of each writer's programs, in run order.
struct dispatch_record {
	static constexpr int writers = 2;
	struct span {
		sockops::u32 count = 0, first = 0, last = 0;
		bool gap = false;
	};
	std::array<span, writers> seen{};

	void add(unsigned writer, sockops::u32 generation) {
		span& at = seen[writer];
		at.gap = at.gap || (at.count != 0 && generation != at.last + 1);
		if (at.count++ == 0)
			at.first = generation;
		at.last = generation;
	}
};

/// A handler that poisons itself when it is destroyed, is counted, and checks itself when called.
/// It writes its generation to the record that the dispatch's first argument points to, if any.
class poisoned_handler {
  public:
	poisoned_handler(unsigned writer, sockops::u32 generation) noexcept
		: writer_(writer), generation_(generation) {
		handlers_created.fetch_add(1, std::memory_order_relaxed);
	}
	poisoned_handler(poisoned_handler&& other) noexcept : poisoned_handler(other.writer_, other.generation_) {}
	~poisoned_handler() {
		magic_.store(magic_dead, std::memory_order_relaxed);
		handlers_destroyed.fetch_add(1, std::memory_order_relaxed);
	}

	int operator()(sockops::bpf_sock_ops& skops) const noexcept {
		if (magic_.load(std::memory_order_relaxed) != magic_alive)
			dead_calls.fetch_add(1, std::memory_order_relaxed);
		const sockops::u64 low = skops.args[1], high = skops.args[2];
		if (auto* const record = reinterpret_cast<dispatch_record*>(high << 32 | low))
			record->add(writer_, generation_);
		if (magic_.load(std::memory_order_relaxed) != magic_alive)
			dead_calls.fetch_add(1, std::memory_order_relaxed);
		return 1;
	}

  private:
	std::atomic<sockops::u32> magic_{magic_alive};
	unsigned writer_;
	sockops::u32 generation_;
};

/// Dispatches with a record in the arguments; returns what ran.
inline dispatch_record recorded_call(sockops::sock_common& sk) {
	dispatch_record record;
	const auto at = reinterpret_cast<sockops::u64>(&record);
	sockops::tcp_call_bpf_3arg(&sk, sockops::BPF_SOCK_OPS_RTT_CB, 1, static_cast<sockops::u32>(at),
							   static_cast<sockops::u32>(at >> 32));
	return record;
}

} // namespace sync_test
