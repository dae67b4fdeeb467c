// SPDX-License-Identifier: MIT
// The rules of attaching, one of which can be wrong, with a count of the stores. To be included before the
// source that goes by them.
#pragma once

#include <algorithm>
#include <vector>

#include <cgroup/attach_rules.hpp>

#include "attach.hpp"
#include "attach_work.hpp"

namespace sockops::detail {

template <>
struct attach_rules<void> : attach_rules<struct right_ones> {
	using right = attach_rules<right_ones>;
	using mutant = mutants::attach_mutant;

	static bool refuses_below(const cgroup_bpf_home& in_none_mode) noexcept {
		return right::refuses_below(in_none_mode) && !is(mutant::ignores_ancestors);
	}
	template <class Limit, class Duplicate>
	static attach_error check(Limit&& limit, Duplicate&& duplicate) noexcept {
		return is(mutant::limit_before_duplicate_swapped) ? right::check(duplicate, limit)
														  : right::check(limit, duplicate);
	}
	static bool can_be_anchor(const bpf_prog_list& entry, u32 flags_of_new) noexcept {
		return right::can_be_anchor(entry, flags_of_new) || is(mutant::anchor_ignores_preorder);
	}
	static void replace(cgroup_bpf_home& home, bpf_prog_list& entry, bpf_prog* prog, u32 flags) noexcept {
		right::replace(home, entry, prog, flags);
		if (is(mutant::replace_moves_to_tail))
			home.progs.splice(home.progs.end(), home.progs, home.progs.iterator_to(entry));
	}
	static void count_replacement(cgroup_bpf_home& home) noexcept {
		if (!is(mutant::revision_not_bumped))
			right::count_replacement(home);
	}
	static prog_list::iterator find_single(prog_list& list, const bpf_prog* named) noexcept {
		const auto only = right::find_single(list, named);
		const bool is_another = only != list.end() && only->prog != named;
		return is_another && is(mutant::detach_needs_name_in_single_mode) ? list.end() : only;
	}

	static bool contributes(const cgroup_bpf_home& level, bool collected) noexcept {
		return right::contributes(level, collected) || is(mutant::override_keeps_ancestors);
	}
	template <class Fn>
	static void for_each_preorder_level(const cgroup_bpf_home& home, Fn& fn) {
		std::vector<const cgroup_bpf_home*> upwards;
		bool collected = false;
		for (const cgroup_bpf_home* level = &home; level; level = level->above)
			if (contributes(*level, collected)) {
				collected = collected || !level->progs.empty();
				upwards.push_back(level);
			}
		if (!is(mutant::preorder_descendants_first))
			std::reverse(upwards.begin(), upwards.end());
		for (const cgroup_bpf_home* level : upwards)
			fn(*level);
	}

	static void publish(cgroup_bpf_home& home, bpf_prog_array* array) noexcept {
		++mutants::attach_work_so_far.arrays_published;
		right::publish(home, array);
	}
	static void move_to(cgroup_bpf_home& home, cgroup& cgrp, cgroup_bpf_attach_type type) noexcept {
		++mutants::attach_work_so_far.homes_changed;
		right::move_to(home, cgrp, type);
	}
};

} // namespace sockops::detail
