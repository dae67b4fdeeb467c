// SPDX-License-Identifier: MIT
// Links: attachments that have an owner.

#include <sockops/cgroup/link.hpp>

#include <atomic>

#include "../kern/alloc.hpp"
#include "../sync/rcu_queue.hpp"
#include "cgroup_internal.hpp"

namespace sockops {

namespace {

using namespace detail;
using prog_list = cgroup_bpf_home::prog_list;
namespace flag = attach_flags;

u32 next_link_id() noexcept {
	static constinit std::atomic<u32> last{0};
	return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

/// The checks of BPF_LINK_UPDATE. Under cgroup_mutex.
attach_rule check_update(const bpf_cgroup_link& link, const bpf_prog_ptr& prog, u32 flags,
						 const bpf_prog* old) noexcept {
	if (flags & ~flag::replace)
		return attach_rule::unknown_flags;
	if (!prog)
		return attach_rule::no_program;
	if (!(flags & flag::replace) && old)
		return attach_rule::old_without_replace;
	if ((flags & flag::replace) && !old)
		return attach_rule::replace_names_nothing;
	if (!link.cgrp)
		return attach_rule::link_gone;
	if (old && old != link.prog.get())
		return attach_rule::old_differs;
	return attach_rule::granted;
}

} // namespace

void detail::forget_cgroup(bpf_cgroup_link& link) noexcept {
	link.cgrp = nullptr;
	link.entry = nullptr;
}

attach_error try_link_create(cgroup& cgrp, const bpf_prog_ptr& prog, const bpf_attach_opts& opts,
							 bpf_cgroup_link** created, cgroup_bpf_attach_type type) noexcept {
	bpf_attach_opts multi = opts;
	multi.flags |= flag::allow_multi;
	multi.replace_prog = nullptr;
	attach_request request{cgrp, type, prog.get(), nullptr, multi};
	const auto refused = [&](attach_rule rule) { return attach_error{rule, &cgrp, nullptr, opts.flags, 0}; };
	if (opts.flags & ~(flag::position_mask | flag::preorder))
		return refused(attach_rule::unknown_flags);
	if (type >= MAX_CGROUP_BPF_ATTACH_TYPE)
		return refused(attach_rule::bad_type);
	if (!prog)
		return refused(attach_rule::no_program);
	if (is_of_other_copy("try_link_create", cgrp, not_changed) ||
		is_of_other_copy("try_link_create", *prog.get(), not_changed))
		return refused(attach_rule::other_copy);
	const writer_call around;
	bpf_cgroup_link* link = nullptr;
	{
		std::lock_guard held(cgroup_mutex());
		if (!cgrp.online)
			return refused(attach_rule::cgroup_removed);
		link = make<bpf_cgroup_link>(next_link_id());
		if (!link)
			return refused(attach_rule::no_memory);
		link->prog = prog;
		request.link = link;
		bpf_prog_ptr replaced;
		if (const attach_error error = attach_entry(request, &link->entry, replaced)) {
			delete link; // the caller's reference keeps the program
			return error;
		}
		link->cgrp = &cgrp;
		link->type = type;
	}
	*created = link;
	return {};
}

attach_error try_link_update(bpf_cgroup_link& link, const bpf_prog_ptr& prog, u32 flags,
							 const bpf_prog* old) noexcept {
	if (prog && is_of_other_copy("try_link_update", *prog.get(), not_changed))
		return {attach_rule::other_copy, nullptr, nullptr, flags, 0};
	const writer_call around;
	bpf_prog_ptr before; // put without the lock
	{
		std::lock_guard held(cgroup_mutex());
		if (const attach_rule rule = check_update(link, prog, flags, old); rule != attach_rule::granted)
			return {rule, link.cgrp, nullptr, flags, 0};
		cgroup_bpf_home& home = link.cgrp->bpf.own[link.type];
		before = link.prog;
		link.prog = prog;
		link.entry->prog = prog.get();
		replace_effective_prog(home, *link.entry);
		++home.revision;
	}
	return {};
}

int bpf_cgroup_link_detach(bpf_cgroup_link& link) noexcept {
	const writer_call around;
	prog_list dropped;
	{
		std::lock_guard held(cgroup_mutex());
		if (!link.cgrp)
			return 0;
		detach_entry(link.cgrp->bpf.own[link.type], *link.entry, link.type, dropped);
	}
	dispose_entries(dropped);
	return 0;
}

void bpf_link_put(bpf_cgroup_link* link) noexcept {
	if (!link)
		return;
	bpf_cgroup_link_detach(*link);
	delete link;
}

bpf_cgroup_link_info bpf_cgroup_link_get_info(const bpf_cgroup_link& link) noexcept {
	std::lock_guard held(cgroup_mutex());
	return {link.id, link.prog ? link.prog->id : 0, link.cgrp ? link.cgrp->id : 0};
}

} // namespace sockops
