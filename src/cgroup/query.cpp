// SPDX-License-Identifier: MIT
// What is attached, and what runs.

#include <cerrno>

#include "cgroup_internal.hpp"

namespace sockops {

namespace {

/// Writes to the buffers as far as they reach, and counts on.
struct query_output {
	cgroup_bpf_query_attr& attr;
	u32 mode;

	/// Where nobody asks which programs there are, nothing is written about them either.
	[[nodiscard]] bool asked() const noexcept { return attr.capacity != 0 && (attr.progs || attr.prog_ids); }
	void add(const bpf_prog* prog) noexcept {
		const std::size_t at = attr.prog_cnt++;
		if (!asked() || at >= attr.capacity)
			return;
		if (attr.progs)
			attr.progs[at] = prog;
		if (attr.prog_ids)
			attr.prog_ids[at] = prog->id;
		if (attr.prog_attach_flags)
			attr.prog_attach_flags[at] = mode;
	}
};

} // namespace

int cgroup_bpf_query(cgroup& cgrp, cgroup_bpf_query_attr& attr, cgroup_bpf_attach_type type) noexcept {
	const bool effective = attr.query_flags & query_flags::effective;
	if (type >= MAX_CGROUP_BPF_ATTACH_TYPE || (attr.query_flags & ~query_flags::effective))
		return -EINVAL;
	if (detail::is_of_other_copy("cgroup_bpf_query", cgrp, "-EXDEV, nothing is written"))
		return -EXDEV;
	std::lock_guard held(detail::cgroup_mutex());
	if (!cgrp.online)
		return -ENOENT;
	if (effective && attr.prog_attach_flags)
		return -EINVAL;
	const cgroup_bpf_home& own = cgrp.bpf.own[type];
	attr.prog_cnt = 0;
	attr.attach_flags = effective ? 0 : own.flags;
	attr.revision = effective ? 0 : own.revision;
	query_output out{attr, own.flags};
	if (effective) {
		for (const bpf_prog_array_item* item = rcu_access_pointer(cgrp.bpf.effective(type))->items();
			 const bpf_prog* prog = rcu_access_pointer(item->prog); ++item)
			if (prog != &bpf_dummy_prog)
				out.add(prog);
	} else {
		for (const bpf_prog_list& entry : own.progs)
			out.add(entry.prog);
	}
	return out.asked() && attr.prog_cnt > attr.capacity ? -ENOSPC : 0;
}

} // namespace sockops
