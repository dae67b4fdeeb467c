// SPDX-License-Identifier: MIT
// What the tests of preemption and RCU share: recorded reports, a tree with a socket, a thread
// that stays inside a section for as long as the test wants.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sockops/sockops.hpp>

#if defined(__SANITIZE_THREAD__)
#define SOCKOPS_TEST_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SOCKOPS_TEST_TSAN 1
#endif
#endif

namespace sync_test {

#if defined(SOCKOPS_TEST_TSAN)
inline constexpr bool under_tsan = true;
#else
inline constexpr bool under_tsan = false;
#endif

struct report {
	std::string call, message;
};

/// Records illegal uses, internal errors and warnings for as long as it lives.
class recorded_reports {
  public:
	recorded_reports() {
		std::lock_guard held(lock_);
		all_.clear();
		illegal_ = sockops::set_illegal_use_handler(record);
		internal_ = sockops::set_internal_error_handler(record);
		warning_ = sockops::set_warning_handler(record);
	}
	~recorded_reports() {
		sockops::set_illegal_use_handler(illegal_);
		sockops::set_internal_error_handler(internal_);
		sockops::set_warning_handler(warning_);
	}
	recorded_reports(const recorded_reports&) = delete;
	recorded_reports& operator=(const recorded_reports&) = delete;

	/// What was reported since the last call.
	std::vector<report> take() {
		std::lock_guard held(lock_);
		return std::exchange(all_, {});
	}
	/// The names of the calls that were reported, joined by spaces.
	std::string calls() {
		std::string names;
		for (const report& each : take())
			names += (names.empty() ? "" : " ") + each.call;
		return names;
	}

  private:
	static void record(const sockops::check_report& what) noexcept {
		std::lock_guard held(lock_);
		all_.push_back({what.call, what.message});
	}

	static inline std::mutex lock_;
	static inline std::vector<report> all_;
	sockops::check_handler illegal_, internal_, warning_;
};

/// A tree of one cgroup with one socket in it.
struct one_socket {
	sockops::net in;
	sockops::cgroup_root root;
	sockops::scoped_tcp_sock sk{in, *root};

	template <class Release = sockops::default_release>
	int call() noexcept {
		return sockops::tcp_hook<Release>::tcp_call_bpf(&sk, sockops::BPF_SOCK_OPS_RWND_INIT, 0, nullptr);
	}
	[[nodiscard]] int attach(const sockops::bpf_prog_ptr& prog) noexcept {
		return sockops::cgroup_bpf_attach(*root, prog);
	}
	[[nodiscard]] int detach(const sockops::bpf_prog_ptr& prog) noexcept {
		return sockops::cgroup_bpf_detach(*root, prog.get());
	}
};

/// A thread that runs `body` and then stays where it is, alive, until the test lets it go.
class parked_thread {
  public:
	template <class Before, class After>
	parked_thread(Before before, After after)
		: thread_([this, before, after] {
			  before();
			  parked_.count_down();
			  go_.wait();
			  after();
		  }) {
		parked_.wait();
	}
	~parked_thread() { let_go(); }
	void let_go() {
		if (!thread_.joinable())
			return;
		go_.count_down();
		thread_.join();
	}

  private:
	std::latch parked_{1};
	std::latch go_{1};
	std::thread thread_;
};

/// A thread inside a section of the given kind.
template <sockops::u64 Delta>
class parked_in_section {
  public:
	void let_go() { thread_.let_go(); }

  private:
	sockops::u64 token_ = 0;
	parked_thread thread_{[this] { token_ = sockops::section_enter(Delta); },
						  [this] { sockops::section_leave(token_, Delta); }};
};
using parked_reader = parked_in_section<sockops::thread_word::one_rcu>;

/// A registered thread outside any section: the caller is not alone.
class idle_thread {
  public:
	void let_go() { thread_.let_go(); }

  private:
	parked_thread thread_{[] { sockops::rcu_read_guard registers; }, [] {}};
};

/// An rcu_head that counts its callbacks.
struct counted_head : sockops::rcu_head {
	std::atomic<int> runs{0};
	std::thread::id ran_on;
	bool ran_inside_section = false;

	void queue() {
		sockops::call_rcu(this, [](sockops::rcu_head* head) {
			auto* self = static_cast<counted_head*>(head);
			self->ran_on = std::this_thread::get_id();
			self->ran_inside_section = sockops::rcu_read_lock_held();
			self->runs.fetch_add(1, std::memory_order_release);
		});
	}
	int count() const { return runs.load(std::memory_order_acquire); }
};

/// How long the stress tests run: SOCKOPS_STRESS_MS, or `standard_ms`.
inline std::chrono::milliseconds stress_time(int standard_ms) {
	const char* const asked = std::getenv("SOCKOPS_STRESS_MS");
	return std::chrono::milliseconds(asked ? std::atoi(asked) : standard_ms);
}

} // namespace sync_test
