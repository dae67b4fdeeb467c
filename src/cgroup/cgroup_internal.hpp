// SPDX-License-Identifier: MIT
// What the tree and the attach code share: the lock and the update of effective arrays.
#pragma once

#include <mutex>

#include <sockops/cgroup/attach.hpp>

namespace sockops::detail {

/// cgroup_mutex. Held in forks, so that a child finds it free.
std::mutex& cgroup_mutex() noexcept;

// All of these: under cgroup_mutex.

/// Builds the effective array of one cgroup from the lists on the way to the root (semantics:
/// a level counts if nothing was collected below it, or if it is in multi mode). nullptr: ENOMEM.
[[nodiscard]] bpf_prog_array* compute_effective_progs(cgroup& cgrp, cgroup_bpf_attach_type type) noexcept;

/// Publishes an array; the old one is freed after a grace period.
void activate_effective_progs(cgroup& cgrp, bpf_prog_array* array, cgroup_bpf_attach_type type) noexcept;

/// Two-phase update of a cgroup and all below it: 0, or -ENOMEM with nothing changed.
[[nodiscard]] int update_effective_progs(cgroup& cgrp, cgroup_bpf_attach_type type) noexcept;

/// Takes all entries off a cgroup nobody references any more; the references they held are
/// appended to `dropped`, to be put without the lock.
void cgroup_bpf_release(cgroup& cgrp, cgroup_bpf::prog_list& dropped) noexcept;

/// Puts the programs of entries that have left their list, and frees the entries. No lock held.
void dispose_entries(cgroup_bpf::prog_list& entries) noexcept;

/// Calls fn(list) for each level that contributes to `cgrp`, itself first, then upwards.
template <class Fn>
void for_each_contributing(cgroup& cgrp, cgroup_bpf_attach_type type, Fn&& fn) {
	bool collected = false;
	for (cgroup* level = &cgrp; level; level = level->parent) {
		cgroup_bpf::prog_list& list = level->bpf.progs[type];
		if (collected && !(level->bpf.flags[type] & attach_flags::allow_multi))
			continue;
		collected = collected || !list.empty();
		fn(list);
	}
}

/// Calls fn(descendant) for the cgroup and all below it, parents first.
template <class Fn>
void for_each_descendant(cgroup& from, Fn&& fn) {
	fn(from);
	for (cgroup& child : from.children)
		for_each_descendant(child, fn);
}

} // namespace sockops::detail
