// SPDX-License-Identifier: MIT
#include "enumeration.hpp"

#include <algorithm>

namespace kernel_diff {

namespace {

/// What a case can be anchored on.
struct anchor_choice {
	int prog, link;
};

/// All of the flags that an attach knows.
constexpr std::uint32_t bits[] = {flag::allow_override, flag::allow_multi, flag::replace,  flag::before,
								  flag::after,          flag::id,          flag::preorder, flag::link};

std::uint32_t flag_set(unsigned number) {
	std::uint32_t flags = 0;
	for (unsigned bit = 0; bit != 8; ++bit)
		flags |= number >> bit & 1 ? bits[bit] : 0;
	return flags;
}

bool makes_link(const starting_state& state, int link) {
	return std::any_of(state.build.begin(), state.build.end(), [&](const operation& op) {
		return op.kind == op_kind::link_create && op.link == link;
	});
}

std::vector<anchor_choice> anchors_of(const starting_state& state) {
	using namespace role;
	std::vector<anchor_choice> anchors;
	for (const int prog : {handle::none, handle::closed, handle::other_object, handle::other_type, here,
						   here_preorder, above, nowhere})
		anchors.push_back({prog, handle::none});
	for (const int link : {link_here, link_here_preorder, link_above, link_closed})
		if (makes_link(state, link))
			anchors.push_back({handle::none, link});
	return anchors;
}

/// Collects operations that differ from a pattern in anchor, replace handle, flags and revision.
class collector {
  public:
	explicit collector(const starting_state& state) : anchors_(anchors_of(state)) {}

	/// All anchors, replace handles and flags.
	void all(operation pattern, const std::vector<int>& replaces) {
		for (const anchor_choice& anchor : anchors_)
			for (const int replace : replaces)
				flags(pattern, anchor, replace);
	}
	/// Right, wrong and any revision, with a good anchor and a bad one.
	void revisions(operation pattern, const std::vector<int>& replaces) {
		for (const std::uint64_t revision : {1, 2, 3, 65, 66}) {
			pattern.revision = revision;
			for (const int replace : replaces)
				for (const int anchor : {handle::none, handle::closed})
					flags(pattern, {anchor, handle::none}, replace);
		}
	}
	void one(const operation& op) { cases_.push_back(op); }
	std::vector<operation> take() { return std::move(cases_); }

  private:
	void flags(operation op, const anchor_choice& anchor, int replace) {
		op.anchor_prog = anchor.prog;
		op.anchor_link = anchor.link;
		op.replace = replace;
		for (unsigned number = 0; number != 256; ++number) {
			op.flags = flag_set(number);
			cases_.push_back(op);
		}
	}

	std::vector<anchor_choice> anchors_;
	std::vector<operation> cases_;
};

operation pattern(op_kind kind, int prog) {
	return {.kind = kind, .cgroup = role::target, .prog = prog, .link = role::new_link};
}

void attach_cases(collector& into) {
	using namespace role;
	const std::vector<int> replaces{handle::none, here, nowhere, handle::closed};
	into.all(pattern(op_kind::attach, fresh), replaces);
	into.all(pattern(op_kind::attach, here), replaces);
	into.revisions(pattern(op_kind::attach, fresh), {handle::none, here});
	for (const int prog : {handle::closed, handle::other_object, handle::other_type})
		for (const std::uint32_t flags : {0x2u, 0x3u, 0x80u, 0x6u})
			for (const int replace :
				 {handle::none, handle::closed, handle::other_object, handle::other_type}) {
				operation op = pattern(op_kind::attach, prog);
				op.flags = flags;
				op.replace = replace;
				into.one(op);
				op.prog = fresh;
				into.one(op);
			}
}

void link_cases(collector& into) {
	using namespace role;
	for (const int prog : {fresh, here})
		into.all(pattern(op_kind::link_create, prog), {handle::none});
	into.revisions(pattern(op_kind::link_create, fresh), {handle::none});
	for (const int prog : {handle::closed, handle::other_object, handle::other_type})
		for (const std::uint32_t flags : {0x0u, 0x2u, 0x80u}) {
			operation op = pattern(op_kind::link_create, prog);
			op.flags = flags;
			into.one(op);
		}
}

void detach_cases(collector& into) {
	using namespace role;
	for (const int prog : {here, here_preorder, above, nowhere, handle::none, handle::closed,
						   handle::other_object, handle::other_type}) {
		into.revisions(pattern(op_kind::detach, prog), {handle::none});
		operation op = pattern(op_kind::detach, prog);
		into.one(op);
		for (const int anchor : {here, handle::closed}) {
			op.anchor_prog = anchor;
			into.one(op);
		}
	}
}

void link_update_cases(const starting_state& state, collector& into) {
	using namespace role;
	const int olds[] = {handle::none,      here, 2, nowhere, handle::closed, handle::other_object,
						handle::other_type};
	for (const int link : {link_here, link_here_preorder, link_closed}) {
		if (!makes_link(state, link))
			continue;
		for (const int prog : {fresh, here, handle::closed, handle::other_object, handle::other_type})
			for (const int old : olds)
				for (const std::uint32_t flags : {0u, 0x4u, 0x2u, 0x80u}) {
					operation op = pattern(op_kind::link_update, prog);
					op.link = link;
					op.replace = old;
					op.flags = flags;
					into.one(op);
				}
		into.one({.kind = op_kind::link_detach, .link = link});
		into.one({.kind = op_kind::link_close, .link = link});
	}
}

/// Handles of no cgroup, beside everything that is looked at before or after them.
void bad_cgroup_cases(collector& into) {
	using namespace role;
	for (const int cgroup : {handle::closed, handle::other_object})
		for (const op_kind kind : {op_kind::attach, op_kind::link_create, op_kind::detach})
			for (const int prog : {fresh, handle::closed, handle::other_object, handle::other_type})
				for (const std::uint32_t flags : {0x0u, 0x2u, 0x3u, 0x6u, 0x80u}) {
					operation op = pattern(kind, prog);
					op.cgroup = cgroup;
					op.flags = flags;
					into.one(op);
					op.replace = kind == op_kind::attach ? handle::closed : handle::none;
					op.revision = 77;
					into.one(op);
				}
}

void query_cases(collector& into) {
	for (const int cgroup : {0, 1, 2, handle::closed, handle::other_object})
		for (const std::uint32_t flags : {0u, 1u, 2u, 3u, 0x80000000u})
			for (const std::uint32_t capacity : {0u, 1u, 2u, 4u, 63u, 64u, 65u, 200u})
				for (const bool want_flags : {false, true})
					into.one({.kind = op_kind::query,
							  .cgroup = cgroup,
							  .flags = flags,
							  .capacity = capacity,
							  .want_flags = want_flags});
}

} // namespace

std::vector<operation> cases_of(const starting_state& state) {
	collector cases(state);
	attach_cases(cases);
	link_cases(cases);
	detach_cases(cases);
	link_update_cases(state, cases);
	bad_cgroup_cases(cases);
	query_cases(cases);
	return cases.take();
}

void build(world& into, const starting_state& state) {
	into.reset();
	for (const operation& op : state.build)
		into.apply(op);
}

void enumerate(world& expected, world& tested, const starting_state& state, enumeration_result& result,
			   unsigned long stride, unsigned long enough) {
	constexpr std::size_t words_kept = 8;
	const std::vector<operation> cases = cases_of(state);
	world_state start, after;
	bool at_start = false;
	for (unsigned long number = 0; number < cases.size() && result.mismatches < enough; number += stride) {
		if (!at_start) {
			build(expected, state);
			build(tested, state);
			start = expected.state();
		}
		++result.cases;
		const auto wrong = step_both(expected, tested, cases[number], &after);
		if (wrong && ++result.mismatches <= words_kept)
			result.first.push_back(std::string("from \"") + state.name + "\"\n" + *wrong);
		at_start = !wrong && after == start;
	}
}

} // namespace kernel_diff
