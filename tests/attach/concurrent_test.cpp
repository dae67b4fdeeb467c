// SPDX-License-Identifier: MIT
// Attach, detach, replace, link update, mkdir and rmdir from several threads while others dispatch:
// each dispatch sees a whole array, old or new, and nothing is lost or freed too early.

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <random>

#include "../sync/poisoned.hpp"
#include "../sync/support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;
namespace flag = attach_flags;

/// Every array that a reader may see shows the pair that is never detached, in this order, around
/// whatever else comes and goes.
constexpr u32 first_word = 0xf1, last_word = 0x1a;

struct tree {
	net in;
	cgroup_root root;
	cgroup* child = cgroup_mkdir(*root, "child");
	cgroup* leaf = cgroup_mkdir(*child, "leaf");
	std::atomic<bool> stop{false};
	std::atomic<long> torn{0}, unexpected{0}, dispatches{0}, changes{0};

	/// Writes what it is into the argument word; the pair checks that it frames the run.
	static bpf_prog_ptr marker(u32 word) {
		return make_bpf_prog("marker", [word](bpf_sock_ops& skops) {
			const u32 before = skops.reply;
			skops.reply = word == first_word     ? (before == 0 ? first_word : 0xbad)
						  : before == first_word ? last_word
												 : 0xbad;
			return 1;
		});
	}

	void read() {
		scoped_tcp_sock at_root(in, *root), at_child(in, *child), at_leaf(in, *leaf);
		long calls = 0;
		while (!stop.load(std::memory_order_relaxed))
			for (sock_common* sk : {static_cast<sock_common*>(&at_root), static_cast<sock_common*>(&at_child),
									static_cast<sock_common*>(&at_leaf)}) {
				torn += tcp_call_bpf(sk, BPF_SOCK_OPS_RWND_INIT, 0, nullptr) != static_cast<int>(last_word);
				++calls;
			}
		dispatches += calls;
	}

	void expect(int error, std::initializer_list<int> allowed) {
		if (error != 0 && std::find(allowed.begin(), allowed.end(), error) == allowed.end())
			unexpected.fetch_add(1, std::memory_order_relaxed);
		else
			changes.fetch_add(1, std::memory_order_relaxed);
	}

	static bpf_prog_ptr poisoned() { return make_bpf_prog("poisoned", poisoned_handler(0, 1)); }

	void attach_detach_replace(unsigned seed) {
		std::mt19937 random(seed);
		while (!stop.load(std::memory_order_relaxed)) {
			cgroup& at = random() % 2 ? *root : *child;
			const bpf_prog_ptr one = poisoned(), two = poisoned();
			const u32 preorder = random() % 2 ? flag::preorder : 0;
			expect(try_attach(at, one, {flag::allow_multi | preorder}).code(), {});
			bpf_attach_opts opts{flag::allow_multi | flag::replace};
			opts.replace_prog = one.get();
			expect(try_attach(at, two, opts).code(), {});
			expect(cgroup_bpf_detach(at, two.get()), {});
		}
	}

	void create_and_update_links(unsigned seed) {
		std::mt19937 random(seed);
		while (!stop.load(std::memory_order_relaxed)) {
			bpf_link link(random() % 2 ? *root : *child, poisoned());
			expect(link ? 0 : -1, {});
			for (int i = 0; i != 4; ++i)
				expect(link.update(poisoned()).code(), {});
		}
	}

	void grow_and_cut() {
		for (int made = 0; !stop.load(std::memory_order_relaxed); ++made) {
			cgroup* const fresh = cgroup_mkdir(made % 2 ? *leaf : *child, "fresh");
			expect(fresh ? 0 : -1, {});
			scoped_tcp_sock sk(in, *fresh);
			bpf_link link(*fresh, poisoned());
			expect(cgroup_bpf_attach(*fresh, poisoned()), {});
			torn += tcp_call_bpf(&sk, BPF_SOCK_OPS_RWND_INIT, 0, nullptr) != static_cast<int>(last_word);
			expect(cgroup_rmdir(*fresh), {});
			expect(link.update(poisoned()).code(), {});
			sk_free(sk);
			expect(link.update(poisoned()).code(), {-ENOLINK});
		}
	}
};

TEST(concurrent_attach, every_dispatch_sees_a_whole_array) {
	{
		tree all;
		bpf_link first(*all.root, tree::marker(first_word), {flag::preorder});
		bpf_link last(*all.root, tree::marker(last_word));
		std::vector<std::thread> threads;
		for (int i = 0; i != 2; ++i)
			threads.emplace_back([&] { all.read(); });
		for (unsigned seed = 0; seed != 2; ++seed)
			threads.emplace_back([&, seed] { all.attach_detach_replace(seed); });
		threads.emplace_back([&] { all.create_and_update_links(7); });
		threads.emplace_back([&] { all.grow_and_cut(); });
		std::this_thread::sleep_for(stress_time(2500));
		all.stop.store(true);
		for (std::thread& each : threads)
			each.join();
		EXPECT_EQ(all.torn.load(), 0);
		EXPECT_EQ(all.unexpected.load(), 0);
		EXPECT_EQ(dead_calls.load(), 0);
		EXPECT_GT(all.dispatches.load(), 0);
		std::printf("%ld dispatches, %ld changes\n", all.dispatches.load(), all.changes.load());
	}
	rcu_barrier();
	EXPECT_EQ(handlers_created.load(), handlers_destroyed.load());
	EXPECT_EQ(static_key_count(cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]), 0u);
}

// A cgroup gets its first program, and only then one is attached above it: nobody may see the one above
// without the one below, whichever array the dispatch found on its way.
TEST(concurrent_attach, no_dispatch_runs_a_set_that_never_was) {
	net in;
	cgroup_root root;
	std::atomic<sock_common*> socket{nullptr};
	std::atomic<long> dispatches{0}, bad{0};
	std::atomic<bool> stop{false};
	const bpf_prog_ptr below = make_bpf_prog("below", [](bpf_sock_ops& skops) {
		skops.reply = skops.reply | 1;
		return 1;
	});
	const bpf_prog_ptr above = make_bpf_prog("above", [](bpf_sock_ops& skops) {
		skops.reply = skops.reply | 2;
		return 1;
	});
	// Reads with the socket pinned, so that the writer may free it.
	std::atomic<int> inside{0};
	std::thread reader([&] {
		while (!stop.load(std::memory_order_relaxed)) {
			inside.store(1);
			if (sock_common* const sk = socket.load()) {
				bad += tcp_call_bpf(sk, BPF_SOCK_OPS_RWND_INIT, 0, nullptr) == 2;
				dispatches.fetch_add(1, std::memory_order_relaxed);
			}
			inside.store(0);
		}
	});
	const auto end = std::chrono::steady_clock::now() + stress_time(1500);
	while (std::chrono::steady_clock::now() < end) {
		cgroup* const fresh = cgroup_mkdir(*root, "fresh");
		{
			scoped_tcp_sock sk(in, *fresh);
			socket.store(&sk);
			for (int i = 0; i != 50; ++i)
				std::atomic_signal_fence(std::memory_order_seq_cst);
			EXPECT_EQ(cgroup_bpf_attach(*fresh, below), 0);
			EXPECT_EQ(cgroup_bpf_attach(*root, above), 0);
			socket.store(nullptr);
			while (inside.load() != 0)
				std::this_thread::yield();
			EXPECT_EQ(cgroup_bpf_detach(*root, above.get()), 0);
		}
		EXPECT_EQ(cgroup_rmdir(*fresh), 0);
	}
	stop.store(true);
	reader.join();
	EXPECT_EQ(bad.load(), 0);
	EXPECT_GT(dispatches.load(), 0);
}

} // namespace
