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

// A cgroup gets its first program, and only then one is attached above it, all while a dispatch is between
// its two loads: it must not see the one above without the one below, which was never to be run there.
TEST(concurrent_attach, no_dispatch_loads_a_set_that_never_was) {
	cgroup_root root;
	cgroup& child = root.make("/child");
	const auto prog = [](const char* name) { return make_bpf_prog(name, [](bpf_sock_ops&) { return 1; }); };
	const bpf_prog_ptr below = prog("below"), above = prog("above");
	const rcu_read_guard section;
	int looks = 0;
	const bpf_prog_array* const loaded = child.bpf.effective(CGROUP_SOCK_OPS).load([&] {
		if (looks++ != 0)
			return;
		EXPECT_EQ(cgroup_bpf_attach(child, below), 0);
		EXPECT_EQ(cgroup_bpf_attach(*root, above), 0);
	});
	EXPECT_EQ(looks, 2);
	EXPECT_EQ(rcu_dereference(loaded->items()[0].prog), below.get());
	EXPECT_EQ(rcu_dereference(loaded->items()[1].prog), above.get());
	EXPECT_EQ(rcu_dereference(loaded->items()[2].prog), nullptr);
}

} // namespace
