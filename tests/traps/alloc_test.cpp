// SPDX-License-Identifier: MIT
// No memory, at each allocation in turn: attach and mkdir change nothing, detach succeeds.

#include <memory>

#include "../no_memory.hpp"
#include "support.hpp"

namespace {

using namespace trap_test;
using namespace attach_flags;

/// /, /p, /p/c, /p/d, /p/c/g with a socket each.
struct world {
	net in;
	cgroup_root root;
	cgroup* const p = cgroup_mkdir(*root, "p");
	cgroup* const c = cgroup_mkdir(*p, "c");
	cgroup* const d = cgroup_mkdir(*p, "d");
	cgroup* const g = cgroup_mkdir(*c, "g");
	scoped_tcp_sock in_root{in, *root}, in_p{in, *p}, in_c{in, *c}, in_d{in, *d}, in_g{in, *g};
	std::string log;

	bpf_prog_ptr prog(char letter) { return writes(log, letter); }

	/// All there is to see: per cgroup the programs that run, own count, mode, revision; the key.
	std::string seen() {
		std::string all;
		sock* const socks[] = {&in_root, &in_p, &in_c, &in_d, &in_g};
		for (sock* sk : socks) {
			cgroup_bpf_query_result own{}, effective{};
			EXPECT_EQ(cgroup_bpf_query(*sock_cgroup_ptr(sk), false, nullptr, 0, own), 0);
			EXPECT_EQ(cgroup_bpf_query(*sock_cgroup_ptr(sk), true, nullptr, 0, effective), 0);
			const std::string order = run_order(log, *sk);
			EXPECT_EQ(order.size(), effective.prog_cnt); // dummies count for nothing
			all += order + " " + std::to_string(own.prog_cnt) + " " + std::to_string(own.attach_flags) + " " +
				   std::to_string(own.revision) + "; ";
		}
		return all + std::to_string(static_key_count(cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]));
	}
	std::string orders() {
		std::string all;
		for (sock* sk : {&in_root, &in_p, &in_c, &in_d, &in_g})
			all += run_order(log, *sk) + " ";
		return all;
	}
};

/// Lets `what` run with 0, 1, 2, … allocations until it succeeds; each failure must be ENOMEM and
/// leave the world as it was. Returns how many allocations it needs.
template <class What>
int fails_cleanly(world& w, What what) {
	const std::string before = w.seen();
	for (int k = 0; k != 100; ++k) {
		int result;
		{
			const no_memory_after faults(k);
			result = what();
		}
		if (result == 0)
			return k;
		EXPECT_EQ(result, -ENOMEM) << k;
		EXPECT_EQ(w.seen(), before) << k;
	}
	ADD_FAILURE() << "never succeeds";
	return -1;
}

struct no_memory : ::testing::Test {
	world around;
};

TEST_F(no_memory, trap_51_a_failed_first_attach_rolls_back_everything_including_the_mode) {
	world& w = around;
	const auto mine = w.prog('P');
	// The entry, and an array for p, which c, g and d share: fails on each in turn.
	EXPECT_EQ(fails_cleanly(w, [&] { return cgroup_bpf_attach(*w.p, mine, allow_override); }), 2);
	EXPECT_EQ(mine->refcnt, 2u);
	EXPECT_EQ(w.orders(), " P P P P ");
	// The mode of the failed attach was not kept: an empty list takes any.
	{
		const no_memory_after none_left(1);
		EXPECT_EQ(cgroup_bpf_attach(*w.root, mine, none), -ENOMEM);
	}
	EXPECT_EQ(cgroup_bpf_attach(*w.root, mine, allow_multi), 0);
}
TEST_F(no_memory, trap_51_a_failed_further_attach_rolls_back_everything) {
	world& w = around;
	attach(*w.root, w.prog('R'));
	attach(*w.c, w.prog('C'));
	const auto mine = w.prog('P');
	EXPECT_EQ(fails_cleanly(w, [&] { return cgroup_bpf_attach(*w.root, mine); }), 3);
	EXPECT_EQ(w.orders(), "RP RP CRP RP CRP ");
}
TEST_F(no_memory, trap_51_a_failed_replacement_keeps_the_old_program) {
	world& w = around;
	const auto old = w.prog('O'), next = w.prog('N');
	attach(*w.p, old, allow_override);
	EXPECT_EQ(fails_cleanly(w, [&] { return cgroup_bpf_attach(*w.p, next, allow_override); }), 1);
	EXPECT_EQ(old->refcnt, 1u);
	EXPECT_EQ(next->refcnt, 2u);
	EXPECT_EQ(w.orders(), " N N N N ");
}
TEST_F(no_memory, a_failed_mkdir_leaves_nothing_behind) {
	world& w = around;
	attach(*w.p, w.prog('P'));
	const u32 references = w.p->refcnt;
	cgroup* made = nullptr;
	EXPECT_EQ(fails_cleanly(w,
							[&] {
								EXPECT_EQ(w.p->refcnt, references);
								int error = 1;
								made = cgroup_mkdir(*w.p, "new", &error);
								EXPECT_EQ(made == nullptr, error != 0);
								return error;
							}),
			  2);
	scoped_tcp_sock in_new(w.in, *made);
	EXPECT_EQ(run_order(w.log, in_new), "P");
}

TEST_F(no_memory, trap_50_detach_succeeds_and_leaves_a_dummy) {
	for (int k = 0; k != 6; ++k) {
		world w;
		const auto a = w.prog('A'), b = w.prog('B'), d = w.prog('D');
		attach(*w.p, a);
		attach(*w.p, b);
		attach(*w.p, d);
		attach(*w.c, w.prog('C'));
		{
			const no_memory_after faults(k);
			EXPECT_EQ(cgroup_bpf_detach(*w.p, a.get()), 0);
		}
		EXPECT_EQ(w.orders(), " BD CBD BD CBD ") << k;
		EXPECT_EQ(a->refcnt, 1u);
		const bpf_prog* progs[8] = {};
		cgroup_bpf_query_result result{};
		EXPECT_EQ(cgroup_bpf_query(*w.c, true, progs, 8, result), 0);
		EXPECT_EQ(result.prog_cnt, 3u);
		EXPECT_EQ(progs[1], b.get());
		rcu_read_lock();
		EXPECT_EQ(bpf_prog_array_length(rcu_dereference(w.p->bpf.effective(CGROUP_SOCK_OPS))), 2u);
		rcu_read_unlock();
		{ // a program behind the dummy, again without memory: the right slot
			const no_memory_after faults(0);
			EXPECT_EQ(cgroup_bpf_detach(*w.p, d.get()), 0);
		}
		EXPECT_EQ(w.orders(), " B CB B CB ") << k;
		EXPECT_EQ(cgroup_bpf_detach(*w.p, d.get()), -ENOENT);
		attach(*w.root, w.prog('R')); // memory again: exact arrays
		EXPECT_EQ(w.orders(), "R BR CBR BR CBR ") << k;
		const auto array = w.c->bpf.effective(CGROUP_SOCK_OPS);
		EXPECT_EQ(rcu_access_pointer(rcu_access_pointer(array)->items()[3].prog), nullptr);
	}
}
TEST_F(no_memory, trap_50_the_bookkeeping_of_such_a_detach_is_the_usual_one) {
	world& w = around;
	const auto a = w.prog('A'), c = w.prog('C');
	attach(*w.root, w.prog('R'));
	attach(*w.p, a);
	attach(*w.c, c, allow_override);
	const no_memory_after faults(0);
	EXPECT_EQ(cgroup_bpf_detach(*w.p, a.get()), 0);
	EXPECT_EQ(cgroup_bpf_detach(*w.c, nullptr), 0);
	EXPECT_EQ(w.seen(), "R 1 2 2; R 0 0 3; R 0 0 3; R 0 0 1; R 0 0 1; 1");
}

// The same program at two levels has two slots, told apart by what runs between them.
TEST_F(no_memory, trap_50_of_two_slots_with_one_program_the_right_one_goes) {
	for (const bool childs : {true, false}) {
		world w;
		const auto twice = w.prog('X'), between = w.prog('C');
		attach(*w.p, twice);
		attach(*w.c, twice);
		attach(*w.c, between);
		EXPECT_EQ(w.orders(), " X XCX X XCX ");
		const no_memory_after faults(0);
		EXPECT_EQ(cgroup_bpf_detach(childs ? *w.c : *w.p, twice.get()), 0);
		EXPECT_EQ(w.orders(), childs ? " X CX X CX " : "  XC  XC ");
	}
}

// A cgroup that has nothing attached any more runs what the one above runs, and needs no memory for
// that: so an ancestor's program comes back, and no slot of it is missing at a later detach.
TEST_F(no_memory, trap_50_an_ancestors_program_comes_back) {
	world& w = around;
	attach(*w.p, w.prog('P'), allow_override);
	attach(*w.c, w.prog('C'), allow_override);
	attach(*w.d, w.prog('D'), allow_override);
	const no_memory_after faults(0);
	EXPECT_EQ(cgroup_bpf_detach(*w.c, nullptr), 0);
	EXPECT_EQ(w.orders(), " P P D P ");
	EXPECT_EQ(cgroup_bpf_detach(*w.p, nullptr), 0); // fails to allocate for d, which does not run it
	EXPECT_EQ(w.orders(), "   D  ");
}
TEST_F(no_memory, trap_50_nor_is_another_programs_slot_taken_or_a_freed_program_left) {
	world& w = around;
	auto r = w.prog('R');
	attach(*w.root, r);
	attach(*w.p, w.prog('P'), allow_override);
	attach(*w.c, w.prog('C'), allow_override);
	attach(*w.d, w.prog('D'), allow_override);
	const no_memory_after faults(0);
	EXPECT_EQ(cgroup_bpf_detach(*w.c, nullptr), 0);
	EXPECT_EQ(w.orders(), "R PR PR DR PR ");
	EXPECT_EQ(cgroup_bpf_detach(*w.p, nullptr), 0);
	EXPECT_EQ(w.orders(), "R R R DR R ");
	EXPECT_EQ(cgroup_bpf_detach(*w.root, r.get()), 0); // a dummy in d's array
	r = {};
	EXPECT_EQ(w.orders(), "   D  ");
}

TEST_F(no_memory, sockets_need_none) {
	world& w = around;
	attach(*w.g, w.prog('G'));
	const no_memory_after faults(0);
	scoped_tcp_sock sk(w.in, *w.g);
	EXPECT_EQ(sk.error, 0);
	request_sock req;
	inet_reqsk_init(req, &sk, w.in);
	scoped_tcp_sock child(sk, req);
	EXPECT_EQ(run_order(w.log, child), "G");
}

TEST(make_bpf_prog, without_memory_is_an_empty_pointer_that_attach_refuses) {
	world w;
	const auto captured = std::make_shared<int>(1);
	for (int succeed : {0, 1}) { // the copy of the name, and the program
		const no_memory_after faults(succeed);
		const bpf_prog_ptr prog = make_bpf_prog("none", [captured](bpf_sock_ops&) { return 1; });
		EXPECT_FALSE(prog);
		EXPECT_EQ(cgroup_bpf_attach(*w.root, prog), -EINVAL);
	}
	EXPECT_EQ(captured.use_count(), 1);
	EXPECT_EQ(w.orders(), "     ");
}

} // namespace
