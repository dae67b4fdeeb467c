// SPDX-License-Identifier: MIT
// What attach and detach decide where they could as well decide otherwise, and the stores by which sockets
// see it. A template, so that a build of the tests can specialize it; what ships has this one.
#pragma once

#include "cgroup_internal.hpp"

namespace sockops::detail {

template <class = void>
struct attach_rules {
	using prog_list = cgroup_bpf_home::prog_list;

	/// An ancestor in the NONE mode refuses if it has a program.
	static bool refuses_below(const cgroup_bpf_home& in_none_mode) noexcept {
		return !in_none_mode.progs.empty();
	}
	/// A full list is told before a duplicate.
	template <class Limit, class Duplicate>
	static attach_error check(Limit&& limit, Duplicate&& duplicate) noexcept {
		if (const attach_error refused = limit())
			return refused;
		return duplicate();
	}
	/// Both stand in the same half of the run order.
	static bool can_be_anchor(const bpf_prog_list& entry, u32 flags_of_new) noexcept {
		return ((entry.flags ^ flags_of_new) & attach_flags::preorder) == 0;
	}
	/// A replacement keeps the place of what it replaces.
	static void replace(cgroup_bpf_home& home, bpf_prog_list& entry, bpf_prog* prog, u32 flags) noexcept {
		entry.prog = prog;
		entry.flags = flags;
		home.may_preorder |= (flags & attach_flags::preorder) != 0;
	}
	/// A replacement is a revision, as an addition is.
	static void count_replacement(cgroup_bpf_home& home) noexcept { ++home.revision; }
	/// A detach in a single mode means the one that is there, whatever it names.
	static prog_list::iterator find_single(prog_list& list, const bpf_prog* /*named*/) noexcept {
		return list.begin();
	}

	/// Does a level count for a home, once something below it or the home itself has been collected?
	static bool contributes(const cgroup_bpf_home& level, bool collected) noexcept {
		return !collected || (level.flags & attach_flags::allow_multi);
	}
	/// Calls fn(level) for the levels that count, in the order of PREORDER entries: from the root down.
	template <class Fn>
	static void for_each_preorder_level(const cgroup_bpf_home& home, Fn& fn) {
		from_the_root_down(&home, false, fn);
	}

	static void publish(cgroup_bpf_home& home, bpf_prog_array* array) noexcept {
		rcu_assign_pointer(home.effective, array);
	}
	static void move_to(cgroup_bpf_home& home, cgroup& cgrp, cgroup_bpf_attach_type type) noexcept {
		rcu_assign_pointer(cgrp.bpf.home[type], &home);
	}

  private:
	template <class Fn>
	static void from_the_root_down(const cgroup_bpf_home* level, bool collected, Fn& fn) {
		if (!level)
			return;
		const bool counts = contributes(*level, collected);
		from_the_root_down(level->above, collected || (counts && !level->progs.empty()), fn);
		if (counts)
			fn(*level);
	}
};

} // namespace sockops::detail
