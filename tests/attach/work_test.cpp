// SPDX-License-Identifier: MIT
// How much work an attach does: allocations, arrays published, homes given.

#include <vector>

#include "../mutants/attach_work.hpp"
#include "../no_memory.hpp"
#include "support.hpp"

namespace {

using namespace attach_test;
using mutants::attach_work_so_far;

struct work {
	unsigned long allocations; ///< of attachments, arrays, cgroups and links
	mutants::attach_work stores;
	bool operator==(const work&) const = default;
};

struct homes : ::testing::Test, world {
	homes() { // programs are made before anything counts
		for (const char letter : {'a', 'b', 'c', 'r'})
			prog(letter);
	}
	/// What `change` cost.
	template <class Change>
	static work cost_of(Change&& change) {
		const mutants::attach_work before = attach_work_so_far;
		const unsigned long allocations_before = allocations_so_far();
		change();
		return {allocations_so_far() - allocations_before,
				{attach_work_so_far.arrays_published - before.arrays_published,
				 attach_work_so_far.homes_changed - before.homes_changed}};
	}
};

TEST_F(homes, an_attach_costs_the_same_whatever_hangs_below) {
	const auto costs_below = [&](const std::string& path, int descendants) {
		for (int i = 0; i != descendants; ++i)
			at(path + "/" + std::to_string(i));
		attach(path, 'a');
		const work more = cost_of([&] { attach(path, 'b'); });
		const work less = cost_of([&] { detach(path, 'b'); });
		const work last = cost_of([&] { detach(path, 'a'); });
		const work again = cost_of([&] { attach(path, 'a'); });
		return std::vector<work>{more, less, last, again};
	};
	const auto few = costs_below("/few", 0);
	const auto many = costs_below("/many", 3000);
	EXPECT_TRUE(few == many);
	EXPECT_EQ(many[0].allocations, 2u) << "an entry and an array";
	EXPECT_EQ(many[1].allocations, 1u) << "an array";
	EXPECT_EQ(many[3].stores.homes_changed, 0u) << "a home stays one";
}

TEST_F(homes, the_first_attach_gives_those_below_a_home_and_moves_homes_on_the_way) {
	attach("/a/b/c", 'c');
	at("/a/x");
	at("/a/b/y");
	const work first = cost_of([&] { attach("/a", 'a'); });
	EXPECT_EQ(first.stores.homes_changed, 4u) << "/a, /a/b, /a/x and /a/b/y";
	EXPECT_EQ(first.allocations, 3u) << "an entry, and arrays of /a and /a/b/c";
	EXPECT_EQ(run("/a/b/c"), "ca");
	EXPECT_EQ(run("/a/b/y"), "a");
	attach("/", 'r');
	EXPECT_EQ(run("/a/b/c"), "car");
	EXPECT_EQ(run("/a/b/y"), "ar");
	EXPECT_EQ(run("/z"), "r");
	detach("/a", 'a');
	EXPECT_EQ(run("/a/b/c"), "cr");
	EXPECT_EQ(run("/a/b/y"), "r");
	detach("/", 'r');
	EXPECT_EQ(run("/a/b/y"), "");
	EXPECT_EQ(run("/a/b/c"), "c");
}

TEST_F(homes, a_new_cgroup_inherits_at_once_and_allocates_nothing_else) {
	attach("/", 'r');
	attach("/a", 'a');
	EXPECT_EQ(cost_of([&] { at("/a/new"); }).allocations, 2u) << "the cgroup and its name";
	EXPECT_EQ(run("/a/new"), "ar");
}

} // namespace
