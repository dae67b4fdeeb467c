// SPDX-License-Identifier: MIT
// From the lists of a tree to the arrays that dispatch runs.

#include "cgroup_internal.hpp"

#include "../sync/rcu_queue.hpp"

namespace sockops::detail {

namespace {

void free_array_later(bpf_prog_array* array) noexcept {
	if (array && array != bpf_prog_array_alloc(0)) // head first: the array starts with it
		rcu_queue(&array->rcu,
				  [](rcu_head* head) { bpf_prog_array_free(reinterpret_cast<bpf_prog_array*>(head)); });
}
static_assert(offsetof(bpf_prog_array, rcu) == 0);

} // namespace

bpf_prog_array* compute_effective_progs(cgroup& cgrp, cgroup_bpf_attach_type type) noexcept {
	std::size_t count = 0;
	for_each_contributing(cgrp, type, [&](const cgroup_bpf::prog_list& list) { count += list.size(); });

	bpf_prog_array* array = bpf_prog_array_alloc(count);
	if (!array || count == 0)
		return array;
	bpf_prog_array_item* item = array->items();
	for_each_contributing(cgrp, type, [&](const cgroup_bpf::prog_list& list) {
		for (const bpf_prog_list& entry : list)
			rcu_assign_pointer((item++)->prog, entry.prog);
	});
	return array;
}

void activate_effective_progs(cgroup& cgrp, bpf_prog_array* array, cgroup_bpf_attach_type type) noexcept {
	bpf_prog_array* old = rcu_access_pointer(cgrp.bpf.effective[type]);
	rcu_assign_pointer(cgrp.bpf.effective[type], array);
	free_array_later(old);
}

int update_effective_progs(cgroup& cgrp, cgroup_bpf_attach_type type) noexcept {
	bool failed = false;
	for_each_descendant(cgrp, [&](cgroup& below) {
		below.bpf.inactive[type] = failed ? nullptr : compute_effective_progs(below, type);
		failed = failed || !below.bpf.inactive[type];
	});
	for_each_descendant(cgrp, [&](cgroup& below) {
		bpf_prog_array* built = below.bpf.inactive[type];
		below.bpf.inactive[type] = nullptr;
		if (failed)
			bpf_prog_array_free(built);
		else
			activate_effective_progs(below, built, type);
	});
	return failed ? -ENOMEM : 0;
}

} // namespace sockops::detail
