// SPDX-License-Identifier: MIT
// What the declarations promise of programs: handlers that throw, captures and who destroys them,
// dispatch inside dispatch.

#include <atomic>
#include <latch>
#include <memory>
#include <stdexcept>
#include <thread>

#include "support.hpp"

namespace {

using namespace trap_test;

template <class Release>
struct throwing : testing::Test {};
using releases = testing::Types<release_text, release_5_2, release_6_18>;
TYPED_TEST_SUITE(throwing, releases);

TYPED_TEST(throwing, a_handler_that_throws_is_reported_by_name_and_counts_as_a_denial) {
	one_socket on;
	int before = 0, after = 0;
	attach(*on.root, counts(before));
	const auto thrower = make_bpf_prog("thrower", [](bpf_sock_ops& skops) -> int {
		skops.reply = 5;
		if (skops.op == BPF_SOCK_OPS_RWND_INIT)
			throw std::runtime_error("boom");
		throw 42;
	});
	attach(*on.root, thrower);
	attach(*on.root, counts(after));
	recorded_reports reports;
	EXPECT_EQ(on.template call<TypeParam>(BPF_SOCK_OPS_RWND_INIT), -1);
	expect_report(reports, "bpf_prog_run", {"\"thrower\"", "boom", "must return 1 or 0", "deny"});
	EXPECT_EQ(on.template call<TypeParam>(BPF_SOCK_OPS_TIMEOUT_INIT), -1);
	expect_report(reports, "bpf_prog_run", {"\"thrower\"", "not a std::exception"});
	EXPECT_EQ(before, 2);
	EXPECT_EQ(after, 2);
	// Nothing else is broken.
	EXPECT_EQ(preempt_count(), 0u);
	EXPECT_FALSE(rcu_read_lock_held());
	detach(*on.root, thrower);
	EXPECT_EQ(on.template call<TypeParam>(BPF_SOCK_OPS_RWND_INIT), 0);
	EXPECT_EQ(after, 3);
	synchronize_rcu();
	EXPECT_TRUE(reports.take().empty());
}

TEST(names, are_the_programs_own_whatever_they_were_made_of) {
	one_socket on;
	std::string long_name(100, 'n');
	long_name.append("ame of a program, made on the way");
	bpf_prog_ptr made;
	{
		std::string temporary = long_name;
		made = make_bpf_prog(temporary, [](bpf_sock_ops&) -> int { throw 1; });
		temporary.assign(temporary.size(), '?');
	}
	EXPECT_STREQ(made->name, long_name.c_str());
	attach(*on.root, made);
	recorded_reports reports;
	EXPECT_EQ(on.call(BPF_SOCK_OPS_RWND_INIT), -1);
	expect_report(reports, "bpf_prog_run", {long_name});
	detach(*on.root, made);

	const std::string_view part = std::string_view(long_name).substr(0, 3); // ends in no NUL
	EXPECT_STREQ(make_bpf_prog(part, [](bpf_sock_ops&) { return 1; })->name, "nnn");
	EXPECT_STREQ(make_bpf_prog("", [](bpf_sock_ops&) { return 1; })->name, "");
}

TEST(names, go_with_a_handler_that_cannot_be_copied) {
	struct uncopyable {
		uncopyable() = default;
		uncopyable(const uncopyable&) { throw std::runtime_error("no copy"); }
		int operator()(bpf_sock_ops&) const { return 1; }
	};
	const uncopyable handler;
	EXPECT_THROW((void)make_bpf_prog(std::string(100, 'x'), handler), std::runtime_error);
}

/// A capture that tells when and where it is destroyed, through all moves of its handler.
struct captures : testing::Test {
	one_socket on;
	std::atomic<int> destroyed{0};
	std::thread::id where;
	bool in_section = true;

	bpf_prog_ptr with_capture() {
		std::shared_ptr<void> held(this, [this](void*) {
			where = std::this_thread::get_id();
			in_section = rcu_read_lock_held();
			destroyed.fetch_add(1);
		});
		return make_bpf_prog("holds", [held](bpf_sock_ops& skops) {
			skops.reply = 3;
			return 1;
		});
	}
	void expect_destroyed_here() {
		EXPECT_EQ(destroyed, 1);
		EXPECT_EQ(where, std::this_thread::get_id());
		EXPECT_FALSE(in_section);
	}
};

TEST_F(captures, of_a_program_that_was_never_attached_go_with_its_last_pointer) {
	auto prog = with_capture();
	auto copy = prog; // NOLINT: a second reference is the point
	prog = {};
	EXPECT_EQ(destroyed, 0);
	copy = {};
	(void)rcu_poll();
	expect_destroyed_here();
}

TEST_F(captures, go_at_the_detach_if_nobody_else_is_there) {
	const bpf_prog* named = nullptr;
	{
		const auto prog = with_capture();
		named = prog.get();
		attach(*on.root, prog);
	}
	EXPECT_EQ(on.call(BPF_SOCK_OPS_RWND_INIT), 3);
	EXPECT_EQ(destroyed, 0);
	EXPECT_EQ(cgroup_bpf_detach(*on.root, named), 0);
	expect_destroyed_here();
}

TEST_F(captures, stay_while_a_pointer_or_another_attachment_is_left) {
	cgroup* const child = cgroup_mkdir(*on.root, "child");
	auto prog = with_capture();
	attach(*on.root, prog);
	attach(*child, prog);
	detach(*on.root, prog);
	EXPECT_EQ(destroyed, 0);
	prog = {};
	EXPECT_EQ(destroyed, 0);
	EXPECT_EQ(cgroup_rmdir(*child), 0);
	(void)rcu_poll();
	expect_destroyed_here();
}

TEST_F(captures, go_when_another_program_replaces_theirs) {
	attach(*on.root, with_capture(), attach_flags::none);
	EXPECT_EQ(destroyed, 0);
	attach(*on.root, answers({1, 1}), attach_flags::none);
	(void)rcu_poll();
	expect_destroyed_here();
}

TEST_F(captures, go_on_the_thread_of_a_later_writer_call_if_others_dispatch) {
	const bpf_prog* named = nullptr;
	{
		const auto prog = with_capture();
		named = prog.get();
		attach(*on.root, prog);
	}
	std::latch dispatched(1), finish(1);
	std::thread other([&] {
		scoped_tcp_sock sk(on.in, *on.root);
		EXPECT_EQ(tcp_call_bpf(&sk, BPF_SOCK_OPS_RWND_INIT, 0, nullptr), 3);
		dispatched.count_down();
		finish.wait();
	});
	dispatched.wait();
	EXPECT_EQ(cgroup_bpf_detach(*on.root, named), 0);
	EXPECT_EQ(destroyed, 0);
	std::thread::id writer;
	std::thread([&] {
		writer = std::this_thread::get_id();
		rcu_barrier();
	}).join();
	EXPECT_EQ(destroyed, 1);
	EXPECT_EQ(where, writer);
	EXPECT_FALSE(in_section);
	finish.count_down();
	other.join();
}

using trap_56 = captures;
TEST_F(trap_56, detach_does_not_wait_for_running_dispatches) {
	std::latch inside(1), leave(1);
	const bpf_prog* named = nullptr;
	std::atomic<bool> alive_at_the_end{false};
	{
		std::shared_ptr<void> held(this, [this](void*) { destroyed.fetch_add(1); });
		const auto prog = make_bpf_prog("blocks", [&, held](bpf_sock_ops& skops) {
			inside.count_down();
			leave.wait();
			alive_at_the_end = destroyed == 0;
			skops.reply = 8;
			return 1;
		});
		named = prog.get();
		attach(*on.root, prog);
	}
	int reply = 0;
	std::thread reader([&] { reply = on.call(BPF_SOCK_OPS_RWND_INIT); });
	inside.wait();
	EXPECT_EQ(cgroup_bpf_detach(*on.root, named), 0); // returns while the program runs
	scoped_tcp_sock later(on.in, *on.root);
	EXPECT_EQ(tcp_rwnd_init_bpf(&later), 0u);
	for (int i = 0; i != 10; ++i)
		(void)rcu_poll();
	EXPECT_EQ(destroyed, 0);
	leave.count_down();
	reader.join();
	EXPECT_EQ(reply, 8);
	EXPECT_TRUE(alive_at_the_end);
	rcu_barrier();
	EXPECT_EQ(destroyed, 1);
}

template <class Ptr>
void empty_in_a_template(Ptr& prog) {
	prog = {}; // clang 14 does not destroy a by-value parameter here
}
TEST(bpf_prog_ptr, counts_references_through_every_assignment) {
	auto a = answers({1, 1}), b = answers({2, 1});
	const auto keep_a = a, keep_b = b;
	EXPECT_EQ(keep_a->refcnt, 2u);
	a = b;
	EXPECT_EQ(keep_a->refcnt, 1u);
	EXPECT_EQ(keep_b->refcnt, 3u);
	auto& same = a;
	a = same;
	a = std::move(same);
	EXPECT_EQ(a.get(), keep_b.get());
	EXPECT_EQ(keep_b->refcnt, 3u);
	a = std::move(b);
	EXPECT_FALSE(b);
	EXPECT_EQ(keep_b->refcnt, 2u);
	empty_in_a_template(a);
	EXPECT_FALSE(a);
	EXPECT_EQ(keep_b->refcnt, 1u);
}

TEST(nested, a_dispatch_inside_a_program_has_a_context_of_its_own) {
	one_socket outer, inner;
	attach(*inner.root, make_bpf_prog("inner", [](bpf_sock_ops& skops) {
		EXPECT_EQ(skops.args[0], 5u);
		skops.reply = 50;
		return 1;
	}));
	attach(*inner.root, make_bpf_prog("denies op 1", [](bpf_sock_ops& skops) { return skops.op != 1; }));
	attach(*outer.root, make_bpf_prog("outer", [&](bpf_sock_ops& skops) {
		EXPECT_EQ(tcp_call_bpf_2arg(&inner.sk, BPF_SOCK_OPS_STATE_CB, 5, 6), 50);
		const u32 five = 5;
		EXPECT_EQ(tcp_hook<release_6_18>::tcp_call_bpf(&inner.sk, 1, 1, &five), -1);
		EXPECT_EQ(skops.args[0], 1u);
		EXPECT_EQ(skops.args[1], 2u);
		EXPECT_EQ(skops.op, u32{BPF_SOCK_OPS_RTT_CB});
		EXPECT_EQ(preempt_count(), 1u);
		return 1;
	}));
	EXPECT_EQ(tcp_call_bpf_2arg(&outer.sk, BPF_SOCK_OPS_RTT_CB, 1, 2), 1);
	EXPECT_EQ(preempt_count(), 0u);
	EXPECT_FALSE(rcu_read_lock_held());
}

TEST(nested, a_program_may_run_inside_itself) {
	one_socket on;
	u32 depth = 0, deepest = 0;
	attach(*on.root, make_bpf_prog("recurses", [&](bpf_sock_ops& skops) {
		deepest = std::max(deepest, ++depth);
		if (skops.args[0] != 0) {
			EXPECT_EQ(tcp_call_bpf_2arg(&on.sk, 10, skops.args[0] - 1, 0), 0);
		}
		skops.reply = 0;
		--depth;
		return 1;
	}));
	EXPECT_EQ(tcp_call_bpf_2arg(&on.sk, 10, 20, 0), 0);
	EXPECT_EQ(deepest, 21u);
}

TEST(nested, what_a_program_attaches_runs_from_the_next_dispatch_on) {
	one_socket on;
	int runs = 0;
	const auto late = counts(runs);
	attach(*on.root, make_bpf_prog("attaches", [&](bpf_sock_ops&) {
		const int error = cgroup_bpf_attach(*on.root, late);
		EXPECT_TRUE(error == 0 || error == -EINVAL);
		return 1;
	}));
	on.call(BPF_SOCK_OPS_RWND_INIT);
	EXPECT_EQ(runs, 0); // a dispatch loads its array once
	on.call(BPF_SOCK_OPS_RWND_INIT);
	EXPECT_EQ(runs, 1);
}

} // namespace
