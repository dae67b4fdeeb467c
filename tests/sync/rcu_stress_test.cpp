// SPDX-License-Identifier: MIT
// Readers dispatch on all cores while writers attach, detach and free programs that poison
// themselves, and while cgroups and sockets come and go.
//
// Each writer attaches generation n + 1 before it detaches generation n. So every whole array shows
// one or two generations of a writer, in order and without a gap, and no reader sees a writer's
// newest generation go back. An array that is torn, freed or half old shows something else.

#include <gtest/gtest.h>

#include <array>

#include "poisoned.hpp"
#include "support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;

struct stressed_tree {
	net in;
	cgroup_root root;
	cgroup* child = cgroup_mkdir(*root, "child");
	cgroup* leaf = cgroup_mkdir(*child, "leaf");
	std::atomic<bool> stop{false};
	std::atomic<long> dispatches{0}, replaced{0}, cgroups{0};
	std::atomic<long> bad_spans{0}, went_back{0}, failed_calls{0};

	/// Writer 0 works on the root, writer 1 on the child.
	cgroup& home_of(unsigned writer) { return writer == 0 ? *root : *child; }

	void check(const dispatch_record& record, std::array<u32, 2>& newest, unsigned writers) {
		for (unsigned w = 0; w != 2; ++w) {
			const dispatch_record::span& seen = record.seen[w];
			const u32 least = w < writers ? 1 : 0, most = w < writers ? 2 : 0;
			if (seen.gap || seen.count < least || seen.count > most)
				bad_spans.fetch_add(1, std::memory_order_relaxed);
			if (seen.last < newest[w])
				went_back.fetch_add(1, std::memory_order_relaxed);
			newest[w] = seen.last;
		}
	}

	void read() {
		scoped_tcp_sock at_root(in, *root), at_child(in, *child), at_leaf(in, *leaf);
		std::array<std::array<u32, 2>, 3> newest{};
		long calls = 0;
		while (!stop.load(std::memory_order_relaxed)) {
			for (int i = 0; i != 100; ++i, calls += 3) {
				check(recorded_call(at_root), newest[0], 1);
				check(recorded_call(at_child), newest[1], 2);
				check(recorded_call(at_leaf), newest[2], 2);
			}
		}
		dispatches.fetch_add(calls, std::memory_order_relaxed);
	}

	static bpf_prog_ptr generation(unsigned writer, u32 number) {
		return make_bpf_prog("generation", poisoned_handler(writer, number));
	}

	void write(unsigned writer, bpf_prog_ptr current) {
		cgroup& home = home_of(writer);
		u32 number = 1;
		while (!stop.load(std::memory_order_relaxed)) {
			bpf_prog_ptr next = generation(writer, ++number);
			if (cgroup_bpf_attach(home, next) != 0 || cgroup_bpf_detach(home, current.get()) != 0)
				failed_calls.fetch_add(1, std::memory_order_relaxed);
			current = std::move(next);
			if (number % 256 == 0)
				synchronize_rcu();
		}
		replaced.fetch_add(number, std::memory_order_relaxed);
	}

	/// Makes cgroups, sockets and programs in them, and removes them in any order that is allowed.
	void grow_and_cut() {
		long made = 0;
		while (!stop.load(std::memory_order_relaxed)) {
			cgroup* const fresh = cgroup_mkdir(made % 2 == 0 ? *leaf : *child, "fresh");
			if (!fresh) {
				failed_calls.fetch_add(1, std::memory_order_relaxed);
				continue;
			}
			std::array<u32, 2> newest{};
			scoped_tcp_sock early(in, *fresh), late(in, *fresh);
			check(recorded_call(early), newest, 2);
			const bpf_prog_ptr own = make_bpf_prog("own", [handler = poisoned_handler(0, 0)](bpf_sock_ops&) {
				return 1; // counted and freed like the others
			});
			if (cgroup_bpf_attach(*fresh, own) != 0)
				failed_calls.fetch_add(1, std::memory_order_relaxed);
			check(recorded_call(early), newest, 2);
			sk_free(early);
			if (cgroup_rmdir(*fresh) != 0)
				failed_calls.fetch_add(1, std::memory_order_relaxed);
			check(recorded_call(late), newest, 2); // its reference keeps the programs running
			if (++made % 32 == 0)
				synchronize_rcu(); // or it would do nearly all of the work
		}
		cgroups.fetch_add(made, std::memory_order_relaxed);
	}
};

TEST(rcu_stress, dispatch_while_programs_cgroups_and_sockets_come_and_go) {
	const unsigned readers = std::max(2u, std::thread::hardware_concurrency());
	{
		stressed_tree tree;
		std::array<bpf_prog_ptr, 2> first;
		for (unsigned w = 0; w != 2; ++w) {
			first[w] = stressed_tree::generation(w, 1);
			ASSERT_EQ(cgroup_bpf_attach(tree.home_of(w), first[w]), 0);
		}
		std::vector<std::thread> threads;
		for (unsigned i = 0; i != readers; ++i)
			threads.emplace_back([&] { tree.read(); });
		for (unsigned w = 0; w != 2; ++w)
			threads.emplace_back([&, w] { tree.write(w, std::move(first[w])); });
		threads.emplace_back([&] { tree.grow_and_cut(); });
		std::this_thread::sleep_for(stress_time(2500));
		tree.stop.store(true);
		for (std::thread& each : threads)
			each.join();

		EXPECT_EQ(dead_calls.load(), 0);
		EXPECT_EQ(tree.bad_spans.load(), 0);
		EXPECT_EQ(tree.went_back.load(), 0);
		EXPECT_EQ(tree.failed_calls.load(), 0);
		EXPECT_GT(tree.dispatches.load(), 0);
		EXPECT_GT(tree.replaced.load(), 0);
		EXPECT_GT(tree.cgroups.load(), 0);
		RecordProperty("dispatches", std::to_string(tree.dispatches.load()));
		std::printf("%ld dispatches, %ld programs replaced, %ld cgroups\n", tree.dispatches.load(),
					tree.replaced.load(), tree.cgroups.load());
	}
	rcu_barrier();
	EXPECT_EQ(rcu_pending(), 0u);
	EXPECT_EQ(handlers_created.load(), handlers_destroyed.load());
	EXPECT_EQ(static_key_count(cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]), 0u);
}

} // namespace
