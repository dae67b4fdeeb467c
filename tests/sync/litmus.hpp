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
#pragma once

#include <array>
#include <chrono>
#include <cstdio>
#include <memory>

#include "support.hpp"

namespace sync_test {

using namespace sockops;

inline constexpr u32 alive = 0xa11e600d;
inline constexpr u32 dead = 0xdeadbeef;

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

	void write(std::chrono::steady_clock::time_point end) {
		for (unsigned at = 0;
			 bad.load(std::memory_order_relaxed) == 0 && std::chrono::steady_clock::now() < end; at ^= 1) {
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
		const auto begin = std::chrono::steady_clock::now();
		std::thread reader([&] { read(); });
		write(begin + most);
		reader.join();
		std::printf("%ld bad in %ld rounds against %ld switches, %.3f s\n", bad.load(), rounds.load(),
					switches.load(),
					std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
		return bad.load();
	}
};

} // namespace sync_test
