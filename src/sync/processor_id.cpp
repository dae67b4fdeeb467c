// SPDX-License-Identifier: MIT
// Numbers of threads: taken at the first question, given back at the thread's end.

#include <sockops/sync/processor_id.hpp>

#include <array>
#include <atomic>
#include <bit>

namespace sockops {

namespace {

constexpr u32 nobody = max_processors;
constinit std::array<std::atomic<u64>, max_processors / 64> given{};

u32 take() noexcept {
	for (u32 at = 0; at != given.size(); ++at) {
		u64 seen = given[at].load(std::memory_order_relaxed);
		while (~seen != 0) {
			const auto bit = static_cast<u32>(std::countr_one(seen));
			// I: acquire, pairs with the giving back: what the number's last thread did has happened.
			if (given[at].compare_exchange_weak(seen, seen | u64{1} << bit, std::memory_order_acquire,
												std::memory_order_relaxed))
				return at * 64 + bit;
		}
	}
	return nobody;
}

constexpr u32 not_asked = ~u32{0};

/// Not a member of what gives it back: it is read after that has been destroyed, too.
constinit thread_local u32 this_processor = not_asked;

struct giving_back {
	~giving_back() {
		// I: release, pairs with take()
		given[this_processor / 64].fetch_and(~(u64{1} << this_processor % 64), std::memory_order_release);
		this_processor = nobody;
	}
};

u32 first_question() noexcept {
	this_processor = take();
	if (this_processor != nobody) {
		thread_local giving_back at_the_end;
		(void)at_the_end;
	}
	return this_processor;
}

} // namespace

u32 smp_processor_id() noexcept {
	const u32 mine = this_processor == not_asked ? first_question() : this_processor;
	return mine == nobody ? max_processors - 1 : mine;
}

} // namespace sockops
