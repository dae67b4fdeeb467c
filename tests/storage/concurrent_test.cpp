// SPDX-License-Identifier: MIT
// Programs read sk_storage in dispatches while other threads create and delete values, clone and
// free sockets, and make and drop maps: a value is whole or not there, and nothing is left behind.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

#include <sockops/sockops.hpp>

namespace {

using namespace sockops;

/// Written once, in one piece, before it is published: all words alike.
struct whole {
	std::array<u64, 16> words;
};
constexpr whole filled(u64 with) {
	whole value{};
	value.words.fill(with);
	return value;
}
bool is_whole(const whole& value) {
	for (const u64 word : value.words)
		if (word != value.words[0] || word == 0)
			return false;
	return true;
}

struct world {
	net in;
	cgroup_root root;
	scoped_tcp_sock sk{in, *root};
	sk_storage<whole> values{sk_storage_clone::yes};
	std::atomic<bool> stop{false};
	std::atomic<long> torn{0}, found{0}, missed{0}, created{0}, deleted{0}, children{0}, maps{0};

	bpf_prog_ptr reader() {
		return make_bpf_prog("reader", [this](bpf_sock_ops& skops) {
			if (const whole* const value = values.get(skops.sk)) {
				torn += !is_whole(*value);
				std::this_thread::yield(); // the writer may delete it now
				torn += !is_whole(*value);
				++found;
			} else
				++missed;
			return 1;
		});
	}
	void dispatch() {
		while (!stop.load(std::memory_order_relaxed))
			(void)tcp_call_bpf(&sk, BPF_SOCK_OPS_RWND_INIT, 0, nullptr);
	}
	void create_and_delete(u64 with) {
		for (int i = 1; !stop.load(std::memory_order_relaxed); ++i) {
			if (i % 1000 == 0)
				synchronize_rcu(); // or what is deleted piles up while a reader is not scheduled
			created += values.get(&sk, filled(with)) != nullptr;
			deleted += values.erase(&sk) == 0;
		}
	}
	void clone_and_free() {
		while (!stop.load(std::memory_order_relaxed)) {
			request_sock req;
			inet_reqsk_init(req, &sk, in);
			scoped_tcp_sock child(sk, req);
			if (const whole* const value = values.get(&child))
				torn += !is_whole(*value);
			++children;
		}
	}
	/// Frees map and socket in both orders, also at the same time.
	void make_maps() {
		while (!stop.load(std::memory_order_relaxed)) {
			scoped_tcp_sock mine(in, *root);
			sk_storage<whole> ours;
			ours.get(&mine, filled(1));
			ours.get(&sk, filled(2));
			std::thread other([&mine] { sk_free(mine); });
			ours = sk_storage<whole>();
			other.join();
			torn += mine.sk_omem_alloc != 0;
			++maps;
		}
	}
};

TEST(sk_storage, is_read_whole_while_others_create_delete_clone_and_free) {
	world all;
	const auto prog = all.reader();
	ASSERT_EQ(cgroup_bpf_attach(*all.root, prog, attach_flags::allow_multi), 0);
	{
		std::thread threads[] = {
			std::thread([&] { all.dispatch(); }),           std::thread([&] { all.dispatch(); }),
			std::thread([&] { all.create_and_delete(1); }), std::thread([&] { all.create_and_delete(2); }),
			std::thread([&] { all.clone_and_free(); }),     std::thread([&] { all.make_maps(); })};
		const auto all_happened = [&] {
			return all.found > 0 && all.missed > 0 && all.created > 0 && all.deleted > 0 &&
				   all.children > 0 && all.maps > 0;
		};
		// Two seconds, and longer where a busy machine has not come to all of it: a reader that meets a
		// value.
		for (int tenths = 0; tenths < 20 || (!all_happened() && tenths < 600); ++tenths)
			std::this_thread::sleep_for(std::chrono::milliseconds(100));
		all.stop = true;
		for (std::thread& each : threads)
			each.join();
	}
	EXPECT_EQ(all.torn, 0);
	(void)all.values.erase(&all.sk);
	EXPECT_EQ(all.values.count(), 0u);
	EXPECT_EQ(all.sk.sk_omem_alloc, 0u);
	for (const auto* happened :
		 {&all.found, &all.missed, &all.created, &all.deleted, &all.children, &all.maps})
		EXPECT_GT(*happened, 0);
	std::printf("found %ld, missed %ld, created %ld, children %ld, maps %ld\n", all.found.load(),
				all.missed.load(), all.created.load(), all.children.load(), all.maps.load());
	EXPECT_EQ(cgroup_bpf_detach(*all.root, prog.get()), 0);
	rcu_barrier();
	EXPECT_EQ(rcu_pending(), 0u);
}

} // namespace
