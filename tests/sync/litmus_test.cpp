// SPDX-License-Identifier: MIT
// The store-buffer litmus of the read side: is a reader seen whose enter is still on its way?
//
//   reader                                writer
//   stores to cold lines                  unpublish the old object
//   enter: store to the thread's word     grace period: barrier, then scan of the words
//   load the pointer                      poison the old object
//   look at the object's magic number     publish it again, alive
//
// The cold stores hold the enter back in the store buffer while the load of the pointer goes ahead
// of it. Without the barrier the scan then finds the reader outside and the writer poisons what the
// reader looks at. ThreadSanitizer sees no such thing: this needs the processor itself.

#include <gtest/gtest.h>

#include <array>
#include <memory>

#include <sockops/testing/rcu_faults.hpp>

#include "support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;
using sockops::testing::rcu_fault;
using sockops::testing::set_rcu_fault;
using clock = std::chrono::steady_clock;

constexpr u32 alive = 0xa11e600d;
constexpr u32 dead = 0xdeadbeef;

struct alignas(64) object {
	std::atomic<u32> magic{alive};
};

/// Lines that no cache holds: flushed after each use.
class cold_lines {
  public:
	void store(u32 value) noexcept {
		for (line& each : lines_)
			each.word.store(value, std::memory_order_relaxed);
	}
	void chill() noexcept {
#if defined(__x86_64__)
		for (line& each : lines_)
			__builtin_ia32_clflush(&each.word);
		__builtin_ia32_mfence();
#endif
	}

  private:
	struct alignas(4096) line {
		std::atomic<u32> word{0};
	};
	std::array<line, 24> lines_;
};

struct litmus {
	std::array<object, 2> objects;
	rcu_pointer<object> published{&objects[0]};
	std::atomic<bool> stop{false};
	std::atomic<long> bad{0}, rounds{0}, switches{0};

	void read() {
		const auto cold = std::make_unique<cold_lines>();
		for (u32 round = 0; !stop.load(std::memory_order_relaxed); ++round) {
			cold->chill();
			cold->store(round);
			{
				rcu_read_guard section;
				const object* const seen = rcu_dereference(published);
				for (int i = 0; i != 400; ++i)
					if (seen->magic.load(std::memory_order_relaxed) != alive) {
						bad.fetch_add(1, std::memory_order_relaxed);
						break;
					}
			}
			rounds.fetch_add(1, std::memory_order_relaxed);
		}
	}

	void write(clock::time_point end) {
		for (unsigned at = 0; bad.load(std::memory_order_relaxed) == 0 && clock::now() < end; at ^= 1) {
			object& old = objects[at];
			rcu_assign_pointer(published, &objects[at ^ 1]);
			synchronize_rcu();
			old.magic.store(dead, std::memory_order_relaxed);
			for (int i = 0; i != 200; ++i) // long enough to be looked at
				std::atomic_signal_fence(std::memory_order_seq_cst);
			old.magic.store(alive, std::memory_order_relaxed);
			switches.fetch_add(1, std::memory_order_relaxed);
		}
		stop.store(true);
	}

	/// Until something bad is seen, or the time is over.
	long run(std::chrono::milliseconds most) {
		const auto begin = clock::now();
		std::thread reader([&] { read(); });
		write(begin + most);
		reader.join();
		std::printf("%ld bad in %ld rounds against %ld switches, %.3f s\n", bad.load(), rounds.load(),
					switches.load(), std::chrono::duration<double>(clock::now() - begin).count());
		return bad.load();
	}
};

TEST(litmus, no_reader_is_missed) {
	litmus real;
	EXPECT_EQ(real.run(stress_time(2000)), 0);
	EXPECT_GT(real.rounds.load(), 0);
	EXPECT_GT(real.switches.load(), 0);
}

TEST(litmus, no_reader_is_missed_in_fence_mode) {
	if (rcu_use_fences() != 0)
		GTEST_SKIP() << "needs a process of its own: a section has been entered already";
	litmus real;
	EXPECT_EQ(real.run(stress_time(2000)), 0);
	EXPECT_EQ(rcu_current_mode(), rcu_mode::fence);
	EXPECT_GT(real.switches.load(), 0);
}

// Where the machine runs both threads on one processor there is nothing to see: a store buffer is
// drained at each switch.
TEST(litmus, a_missing_membarrier_is_caught) {
	if (std::thread::hardware_concurrency() < 2)
		GTEST_SKIP() << "one processor: stores of another thread are never under way";
	{ rcu_read_guard decides_the_mode; }
	if (rcu_current_mode() != rcu_mode::membarrier)
		GTEST_SKIP() << "no membarrier to leave out: the process is in fence mode";
	set_rcu_fault(rcu_fault::no_membarrier);
	litmus broken;
	EXPECT_GT(broken.run(std::chrono::seconds(30)), 0);
	set_rcu_fault(rcu_fault::none);
}

} // namespace
