// SPDX-License-Identifier: MIT
// In which cgroups of a tree a program is attached.

#include <sockops/cgroup/where_attached.hpp>

#include <algorithm>

#include "cgroup_internal.hpp"

namespace sockops {

namespace {

/// Under the lock.
void look_below(const cgroup& at, const bpf_prog& prog, cgroup_bpf_attach_type type,
				std::vector<std::string>& found) {
	const auto& list = at.bpf.own[type].progs;
	if (std::any_of(list.begin(), list.end(),
					[&](const bpf_prog_list& entry) { return entry.prog == &prog; }))
		found.push_back(at.path());
	for (const cgroup& child : at.children)
		look_below(child, prog, type, found);
}

} // namespace

std::vector<std::string> where_attached(const cgroup& in, const bpf_prog& prog, cgroup_bpf_attach_type type) {
	const cgroup* root = &in;
	while (root->parent)
		root = root->parent;
	std::vector<std::string> found;
	std::lock_guard held(detail::cgroup_mutex());
	look_below(*root, prog, type, found);
	return found;
}

} // namespace sockops
