// SPDX-License-Identifier: MIT
// A tree as it is at one moment.

#include <sockops/cgroup/snapshot.hpp>

#include <sockops/cgroup/link.hpp>

#include "cgroup_internal.hpp"

namespace sockops {

namespace {

std::string name_of(const bpf_prog& prog) { return prog.name ? prog.name : "?"; }

/// Under the lock.
cgroup_snapshot look(const cgroup& at, cgroup_bpf_attach_type type) {
	const cgroup_bpf_home& own = at.bpf.own[type];
	cgroup_snapshot seen{std::string(at.name), at.id, at.online, own.flags, own.revision, {}, {}, {}};
	for (const bpf_prog_list& entry : own.progs)
		seen.attached.push_back(
			{name_of(*entry.prog), entry.prog->id, entry.link ? entry.link->id : 0, entry.flags});
	for (const bpf_prog_array_item* item = rcu_access_pointer(at.bpf.effective(type))->items();
		 const bpf_prog* prog = rcu_access_pointer(item->prog); ++item)
		if (prog != &bpf_dummy_prog)
			seen.effective.push_back(name_of(*prog));
	for (const cgroup& child : at.children)
		seen.children.push_back(look(child, type));
	return seen;
}

} // namespace

cgroup_snapshot snapshot(cgroup& from, cgroup_bpf_attach_type type) {
	std::lock_guard held(detail::cgroup_mutex());
	return look(from, type);
}

} // namespace sockops
