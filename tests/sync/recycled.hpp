// SPDX-License-Identifier: MIT
// A stress over arrays and programs that are recycled instead of freed, so that RCU can be broken on purpose
// and the test can show that it notices.
//
// A pool keeps the type of what it holds: a reader that comes too late finds the magic number of
// the dead, never foreign memory.
#pragma once

#include <array>
#include <deque>

#include "poisoned.hpp"
#include "support.hpp"

namespace sync_test {

using namespace sockops;

inline constexpr std::size_t progs_in_array = 8;

/// As bpf_prog_array_alloc() makes it: the items behind the header.
struct array_of_eight {
	bpf_prog_array array{};
	bpf_prog_array_item items[progs_in_array + 1]{};
};
static_assert(offsetof(array_of_eight, items) == sizeof(bpf_prog_array));

/// An array of programs and the programs, all of one life.
struct generation : rcu_head {
	array_of_eight effective;
	struct prog : bpf_prog {
		std::atomic<u32> magic{magic_dead};
		prog() noexcept : bpf_prog(run, "recycled") {}

		static u32 run(bpf_sock_ops_kern*, const bpf_prog* self) noexcept {
			const auto& mine = static_cast<const prog&>(*self);
			for (int i = 0; i != 20; ++i)
				if (mine.magic.load(std::memory_order_relaxed) != magic_alive) {
					dead_calls.fetch_add(1, std::memory_order_relaxed);
					break;
				}
			return 1;
		}
	};
	std::array<prog, progs_in_array> progs;
	std::atomic<bool> in_use{false};

	generation() {
		for (std::size_t i = 0; i != progs_in_array; ++i)
			rcu_assign_pointer(effective.items[i].prog, static_cast<bpf_prog*>(&progs[i]));
	}
	void set_magic(u32 value) {
		for (prog& each : progs)
			each.magic.store(value, std::memory_order_relaxed);
	}
};

class pool {
  public:
	/// A generation that nobody uses; alive when this returns.
	generation& take() {
		for (;;) {
			for (generation& each : all_)
				if (!each.in_use.exchange(true, std::memory_order_acquire)) {
					each.set_magic(magic_alive);
					return each;
				}
			rcu_poll();
		}
	}
	/// Poisons after a grace period, and only then gives it back.
	static void retire(generation& old) {
		call_rcu(&old, [](rcu_head* head) {
			auto* dead = static_cast<generation*>(head);
			dead->set_magic(magic_dead);
			dead->in_use.store(false, std::memory_order_release);
		});
	}

  private:
	std::deque<generation> all_{64};
};

/// Dispatches and replaces until the time is over, or a call of a dead program has been seen.
template <class Policy>
long run_stress(std::chrono::milliseconds most) {
	dead_calls.store(0);
	pool generations;
	generation* live = &generations.take();
	rcu_pointer<bpf_prog_array> published{&live->effective.array};
	std::atomic<bool> stop{false};
	std::vector<std::thread> readers;
	for (int i = 0; i != 2; ++i)
		readers.emplace_back([&] {
			bpf_sock_ops_kern ctx{};
			while (!stop.load(std::memory_order_relaxed))
				(void)run_array<Policy, false>(published, &ctx);
		});
	const auto end = std::chrono::steady_clock::now() + most;
	while (dead_calls.load() == 0 && std::chrono::steady_clock::now() < end) {
		generation* const old = std::exchange(live, &generations.take());
		rcu_assign_pointer(published, &live->effective.array);
		pool::retire(*old);
	}
	stop.store(true);
	for (std::thread& each : readers)
		each.join();
	rcu_barrier();
	return dead_calls.load();
}

inline constexpr std::chrono::seconds until_caught{20};

} // namespace sync_test
