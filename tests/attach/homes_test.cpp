// SPDX-License-Identifier: MIT
// Who shares an array with whom, and what a failed allocation leaves.

#include <algorithm>
#include <random>
#include <string_view>
#include <vector>

#include "../no_memory.hpp"
#include "support.hpp"

namespace {

using namespace attach_test;

struct homes : ::testing::Test, world {};

/// All that a failed call must leave as it was.
struct whole_state {
	std::vector<std::string> lists, effective, runs;
	std::vector<u64> revisions;
	std::vector<u32> modes;
	u32 key;
	bool operator==(const whole_state&) const = default;
};

struct failing : homes {
	const std::vector<std::string> paths{"/", "/a", "/a/b", "/a/b/c", "/a/d"};

	failing() { // programs are made before anything fails
		for (const char letter : std::string_view("abcdlpqxyzC"))
			prog(letter);
	}
	whole_state state() {
		whole_state now{};
		for (const std::string& path : paths) {
			now.lists.push_back(query(path));
			now.effective.push_back(query(path, query_flags::effective));
			now.runs.push_back(run(path));
			now.revisions.push_back(revision(path));
			now.modes.push_back(mode(path));
		}
		now.key = static_key_count(cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]);
		return now;
	}
	/// Fails the k-th allocation of `change` for each k; after that many failures it succeeds.
	template <class Change>
	int fails_without_trace(Change&& change) {
		for (int k = 0;; ++k) {
			const whole_state before = state();
			fail_allocations_after(k);
			const int error = change();
			fail_allocations_after(-1);
			if (error == 0)
				return k;
			EXPECT_EQ(error, -ENOMEM);
			EXPECT_EQ(state(), before) << "after failure of allocation " << k;
		}
	}
};

TEST_F(failing, trap_51_a_failed_attach_changes_nothing) {
	attach("/a/b", 'b');
	attach("/a/d", 'd');
	EXPECT_EQ(fails_without_trace([&] { return attach("/a", 'a').code(); }), 4) << "entry and three arrays";
	EXPECT_EQ(run("/a/b/c"), "ba");
	bpf_attach_opts replaces{flag::allow_multi | flag::replace | flag::preorder};
	replaces.replace_prog = prog('a').get();
	EXPECT_EQ(fails_without_trace([&] { return try_attach(at("/a"), prog('x'), replaces).code(); }), 3);
	EXPECT_EQ(run("/a/b/c"), "xb");
	bpf_link attached;
	EXPECT_EQ(fails_without_trace([&] {
				  attach_error why;
				  bpf_link made = link("/a", 'l', {0}, &why);
				  if (made)
					  attached = std::move(made);
				  return why.code();
			  }),
			  5)
		<< "the link too";
	EXPECT_EQ(run("/a/b/c"), "xbl");
}

TEST_F(failing, an_entry_is_allocated_before_its_anchor_is_looked_up) {
	attach("/", 'a');
	bpf_attach_opts bad{flag::allow_multi | flag::before | flag::after};
	fail_allocations_after(0);
	EXPECT_EQ(try_attach(at("/"), prog('b'), bad).code(), -ENOMEM);
	fail_allocations_after(-1);
	EXPECT_EQ(try_attach(at("/"), prog('b'), bad).code(), -EINVAL);
}

TEST_F(failing, trap_50_a_detach_succeeds_and_the_dummy_stands_in) {
	for (int k = 0; k != 4; ++k) {
		attach("/a", 'p', flag::allow_multi | flag::preorder);
		for (const char letter : {'x', 'y', 'z'})
			attach("/a", letter);
		attach("/a/b", 'b');
		attach("/a/b", 'q', flag::allow_multi | flag::preorder);
		ASSERT_EQ(run("/a/b/c"), "pqbxyz");
		fail_allocations_after(k);
		EXPECT_FALSE(detach("/a", 'x'));
		EXPECT_FALSE(detach("/a/b", 'q')) << "the slot is found behind dummies";
		EXPECT_FALSE(detach("/a", 'y'));
		fail_allocations_after(-1);
		EXPECT_EQ(run("/a"), "pz");
		EXPECT_EQ(run("/a/b/c"), "pbz");
		EXPECT_EQ(query("/a/b", query_flags::effective), "pbz");
		bpf_link updated = link("/a", 'l');
		EXPECT_EQ(run("/a/d"), "pzl") << "built anew";
		for (const char letter : {'p', 'z'})
			detach("/a", letter);
		detach("/a/b", 'b');
	}
	EXPECT_EQ(run("/a/b/c"), "");
}

TEST_F(failing, a_link_is_updated_in_its_place_among_dummies) {
	attach("/", 'a');
	attach("/", 'b');
	bpf_link updated = link("/", 'c');
	attach("/child", 'd');
	fail_allocations_after(0);
	EXPECT_FALSE(detach("/", 'a'));
	EXPECT_FALSE(updated.update(prog('C')));
	fail_allocations_after(-1);
	EXPECT_EQ(run("/child"), "dbC");
	EXPECT_EQ(run("/"), "bC");
}

// Against the rule itself: each cgroup's array as its own lists and those above give it.
TEST_F(homes, sharing_is_exact_in_random_trees) {
	std::mt19937 random(20261123);
	const std::vector<std::string> paths{"/", "/a", "/a/b", "/a/b/c", "/a/d", "/e", "/e/f", "/e/f/g"};
	struct entry {
		char letter;
		bool preorder;
	};
	struct level {
		std::vector<entry> list;
		u32 mode = 0;
	};
	std::map<std::string, level> model;
	const auto above = [](const std::string& path) {
		const std::string parent = path.substr(0, path.rfind('/'));
		return path == "/" ? std::string() : parent.empty() ? std::string("/") : parent;
	};
	const auto expected = [&](const std::string& path) {
		std::string early, late;
		bool collected = false;
		for (std::string here = path; !here.empty(); here = above(here)) {
			const level& at_level = model[here];
			if (collected && at_level.mode != flag::allow_multi)
				continue;
			std::string own_early;
			for (const entry& each : at_level.list) {
				collected = true;
				(each.preorder ? own_early : late) += each.letter;
			}
			early = own_early + early;
		}
		return early + late;
	};
	for (int step = 0; step != 20'000; ++step) {
		const std::string& path = paths[random() % paths.size()];
		level& own = model[path];
		if (random() % 2 == 0) {
			const char letter = static_cast<char>('A' + random() % 6);
			const u32 mode = std::array{flag::none, flag::allow_override, flag::allow_multi,
										flag::allow_multi}[random() % 4];
			const bool preorder = random() % 3 == 0;
			if (attach(path, letter, mode | (preorder ? flag::preorder : 0)))
				continue;
			if (mode != flag::allow_multi)
				own.list.clear();
			own.list.push_back({letter, preorder});
			own.mode = mode;
		} else if (!own.list.empty()) {
			const std::size_t at_index = random() % own.list.size();
			ASSERT_FALSE(detach(path, own.list[at_index].letter));
			own.list.erase(own.list.begin() + static_cast<std::ptrdiff_t>(at_index));
			if (own.list.empty())
				own.mode = 0;
		}
		for (const std::string& each : paths)
			ASSERT_EQ(query(each, query_flags::effective), expected(each)) << each << " after step " << step;
	}
}

} // namespace
