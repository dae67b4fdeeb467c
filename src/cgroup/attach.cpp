// SPDX-License-Identifier: MIT
// Attach and detach: the checks in the kernel's order, the change, and its undoing.

#include <sockops/cgroup/attach.hpp>

#include <algorithm>

#include <sockops/cgroup/link.hpp>

#include "../kern/alloc.hpp"
#include "../sync/rcu_queue.hpp"
#include "attach_rules.hpp"
#include "cgroup_internal.hpp"

namespace sockops {

namespace {

using namespace detail;
using rules = attach_rules<>;
using prog_list = cgroup_bpf_home::prog_list;
namespace flag = attach_flags;

constexpr u32 prog_attach_flags = flag::mode_mask | flag::replace | flag::position_mask | flag::preorder;

/// The list of a cgroup that is no home is empty, so both kinds can be asked.
cgroup_bpf_home& own_of(cgroup& cgrp, cgroup_bpf_attach_type type) noexcept { return cgrp.bpf.own[type]; }

bool has_anchor(const bpf_attach_opts& opts) noexcept {
	const bpf_attach_anchor& anchor = opts.anchor;
	return (opts.flags & (flag::id | flag::link)) || anchor.prog || anchor.link || anchor.id ||
		   anchor.bad_handle;
}

attach_error check_flags(const attach_request& request) noexcept {
	const u32 flags = request.opts.flags;
	if ((flags & flag::mode_mask) == flag::mode_mask)
		return request.refused(attach_rule::override_and_multi);
	if (!(flags & flag::replace))
		return {};
	if (!(flags & flag::allow_multi))
		return request.refused(attach_rule::replace_without_multi);
	if (flags & (flag::before | flag::after))
		return request.refused(attach_rule::replace_with_position);
	if (!request.opts.replace_prog)
		return request.refused(attach_rule::replace_names_nothing);
	return {};
}

/// The nearest ancestor with programs decides; NONE refuses.
attach_error check_hierarchy(const attach_request& request) noexcept {
	for (cgroup* above = request.cgrp.parent; above; above = above->parent) {
		const cgroup_bpf_home& there = own_of(*above, request.type);
		if (there.flags & flag::mode_mask)
			return {};
		if (!rules::refuses_below(there))
			continue;
		attach_error refused = request.refused(attach_rule::ancestor_allows_none);
		refused.decided_by = above;
		return refused;
	}
	return {};
}

/// From the end: what was attached last is looked for most.
prog_list::iterator find_direct(prog_list& list, const bpf_prog* prog) noexcept {
	for (auto at = list.end(); at != list.begin();)
		if (--at; !at->link && at->prog == prog)
			return at;
	return list.end();
}

attach_error check_limit(const attach_request& request, const prog_list& list) noexcept {
	return list.size() >= bpf_cgroup_max_progs ? request.refused(attach_rule::too_many) : attach_error{};
}

attach_error check_duplicate(const attach_request& request, prog_list& list) noexcept {
	const u32 flags = request.opts.flags;
	if (request.prog->attached == 0 || request.link || !(flags & flag::allow_multi))
		return {};
	const bool by_itself = (flags & flag::replace) && request.opts.replace_prog == request.prog;
	const bool duplicate = !by_itself && find_direct(list, request.prog) != list.end();
	return duplicate ? request.refused(attach_rule::already_attached) : attach_error{};
}

attach_error check_list(const attach_request& request, cgroup_bpf_home& home) noexcept {
	if (!home.progs.empty() && home.flags != (request.opts.flags & flag::mode_mask))
		return request.refused(attach_rule::other_mode);
	return rules::check([&] { return check_limit(request, home.progs); },
						[&] { return check_duplicate(request, home.progs); });
}

/// Whose place the program takes: end() for nobody's.
attach_error find_replaced(const attach_request& request, prog_list& list,
						   prog_list::iterator& found) noexcept {
	found = list.end();
	if (!(request.opts.flags & flag::allow_multi))
		found = list.begin(); // the single modes have at most one
	else if (request.opts.flags & flag::replace)
		if (found = find_direct(list, request.opts.replace_prog); found == list.end())
			return request.refused(attach_rule::replaced_not_attached);
	return {};
}

bool is_anchor(const bpf_prog_list& entry, const bpf_attach_opts& opts) noexcept {
	if ((opts.flags & flag::id) && opts.anchor.id == 0)
		return false; // nobody's
	if (opts.flags & flag::link)
		return entry.link &&
			   (opts.flags & flag::id ? entry.link->id == opts.anchor.id : entry.link == opts.anchor.link);
	return !entry.link &&
		   (opts.flags & flag::id ? entry.prog->id == opts.anchor.id : entry.prog == opts.anchor.prog);
}

attach_error find_anchor(const attach_request& request, prog_list& list,
						 prog_list::iterator& found) noexcept {
	const bpf_attach_opts& opts = request.opts;
	const bool names_link = opts.flags & flag::link;
	if (names_link != (request.link != nullptr))
		return request.refused(attach_rule::anchor_kind);
	if (!(opts.flags & flag::id)) {
		if (opts.anchor.bad_handle)
			return request.refused(attach_rule::anchor_handle);
		if (names_link ? !opts.anchor.link : !opts.anchor.prog)
			return request.refused(attach_rule::anchor_kind);
	}
	found = std::find_if(list.begin(), list.end(),
						 [&](const bpf_prog_list& entry) { return is_anchor(entry, opts); });
	if (found == list.end())
		return request.refused(attach_rule::anchor_not_here);
	if (!rules::can_be_anchor(*found, opts.flags))
		return request.refused(attach_rule::anchor_preorder);
	return {};
}

/// Before which entry the new one goes.
attach_error find_position(const attach_request& request, prog_list& list,
						   prog_list::iterator& next) noexcept {
	constexpr u32 both = flag::before | flag::after;
	const u32 position = request.opts.flags & both;
	if (!has_anchor(request.opts)) {
		next = position & flag::before ? list.begin() : list.end();
		return position == both && !list.empty() ? request.refused(attach_rule::both_ends) : attach_error{};
	}
	if (position == 0 || position == both)
		return request.refused(attach_rule::one_position);
	if (const attach_error refused = find_anchor(request, list, next))
		return refused;
	if (position == flag::after)
		++next;
	return {};
}

attach_error replace_entry(const attach_request& request, cgroup_bpf_home& home, bpf_prog_list& entry,
						   bpf_prog_ptr& replaced) noexcept {
	bpf_prog* const prog_before = entry.prog;
	const u32 flags_before = entry.flags;
	rules::replace(home, entry, request.prog, request.opts.flags);
	if (!update_effective_progs(home)) {
		entry.prog = prog_before;
		entry.flags = flags_before;
		return request.refused(attach_rule::no_memory);
	}
	bpf_prog_inc(request.prog);
	++request.prog->attached;
	--prog_before->attached;
	replaced = bpf_prog_ptr::adopt(prog_before);
	rules::count_replacement(home);
	return {};
}

attach_error add_entry(const attach_request& request, cgroup_bpf_home& home, bpf_prog_list** made) noexcept {
	bpf_prog_list* const entry = make<bpf_prog_list>();
	if (!entry)
		return request.refused(attach_rule::no_memory);
	prog_list::iterator next;
	if (const attach_error refused = find_position(request, home.progs, next)) {
		delete entry;
		return refused;
	}
	entry->prog = request.prog;
	entry->link = request.link;
	entry->flags = request.opts.flags;
	home.may_preorder |= (entry->flags & flag::preorder) != 0;
	const u32 mode_before = home.flags;
	home.progs.insert(next, *entry);
	home.flags = request.opts.flags & flag::mode_mask;
	if (!update_effective_progs(home)) {
		home.progs.erase(home.progs.iterator_to(*entry));
		home.flags = mode_before;
		delete entry;
		return request.refused(attach_rule::no_memory);
	}
	if (!request.link) {
		bpf_prog_inc(request.prog);
		++request.prog->attached;
	}
	static_branch_inc(cgroup_bpf_enabled_key[request.type]);
	++home.revision;
	*made = entry;
	return {};
}

} // namespace

attach_error detail::attach_entry(const attach_request& request, bpf_prog_list** made,
								  bpf_prog_ptr& replaced) noexcept {
	cgroup_bpf_home& own = own_of(request.cgrp, request.type);
	const u64 expected = request.opts.expected_revision;
	if (const attach_error refused = check_flags(request))
		return refused;
	if (expected != 0 && expected != own.revision)
		return request.refused(attach_rule::stale_revision);
	if (const attach_error refused = check_hierarchy(request))
		return refused;
	if (const attach_error refused = check_list(request, own))
		return refused;
	prog_list::iterator found;
	if (const attach_error refused = find_replaced(request, own.progs, found))
		return refused;

	cgroup_bpf_home& home = become_home(request.cgrp, request.type);
	return found != home.progs.end() ? replace_entry(request, home, *found, replaced)
									 : add_entry(request, home, made);
}

void detail::detach_entry(cgroup_bpf_home& home, bpf_prog_list& entry, cgroup_bpf_attach_type type,
						  prog_list& dropped) noexcept {
	remove_effective_prog(home, entry);
	forget_entry(entry, type);
	dropped.push_back(entry);
	++home.revision;
}

void detail::forget_entry(bpf_prog_list& entry, cgroup_bpf_attach_type type) noexcept {
	static_branch_dec(cgroup_bpf_enabled_key[type]);
	if (entry.link)
		forget_cgroup(*entry.link);
	else
		--entry.prog->attached;
}

void detail::dispose_entries(prog_list& entries) noexcept {
	entries.clear_and_dispose([](bpf_prog_list* entry) {
		if (!entry->link) // a link keeps its program
			bpf_prog_put(entry->prog);
		delete entry;
	});
}

attach_error try_attach(cgroup& cgrp, const bpf_prog_ptr& prog, const bpf_attach_opts& opts,
						cgroup_bpf_attach_type type) noexcept {
	const attach_request request{cgrp, type, prog.get(), nullptr, opts};
	if (opts.flags & ~prog_attach_flags)
		return request.refused(attach_rule::unknown_flags);
	if (type >= MAX_CGROUP_BPF_ATTACH_TYPE)
		return request.refused(attach_rule::bad_type);
	if (!prog)
		return request.refused(attach_rule::no_program);
	if (is_of_other_copy("try_attach", cgrp, not_changed) ||
		is_of_other_copy("try_attach", *prog.get(), not_changed))
		return request.refused(attach_rule::other_copy);
	const writer_call around;
	bpf_prog_ptr replaced;
	{
		std::lock_guard held(cgroup_mutex());
		if (!cgrp.online)
			return request.refused(attach_rule::cgroup_removed);
		bpf_prog_list* made = nullptr;
		if (const attach_error refused = attach_entry(request, &made, replaced))
			return refused;
	}
	return {};
}

namespace {

/// The entry that a detach of `prog` means.
attach_error find_detached(const attach_request& request, cgroup_bpf_home& home,
						   prog_list::iterator& found) noexcept {
	const u64 expected = request.opts.expected_revision;
	if (expected != 0 && expected != home.revision)
		return request.refused(attach_rule::stale_revision);
	if (home.flags & flag::allow_multi) {
		if (!request.prog)
			return request.refused(attach_rule::detach_names_nothing);
		found = find_direct(home.progs, request.prog);
		return found == home.progs.end() ? request.refused(attach_rule::not_attached) : attach_error{};
	}
	found = rules::find_single(home.progs, request.prog);
	return found == home.progs.end() ? request.refused(attach_rule::nothing_attached) : attach_error{};
}

} // namespace

attach_error try_detach(cgroup& cgrp, const bpf_prog* prog, const bpf_attach_opts& opts,
						cgroup_bpf_attach_type type) noexcept {
	const attach_request request{cgrp, type, const_cast<bpf_prog*>(prog), nullptr, opts};
	if (opts.flags != 0 || has_anchor(opts))
		return request.refused(attach_rule::detach_takes_no_flags);
	if (type >= MAX_CGROUP_BPF_ATTACH_TYPE)
		return request.refused(attach_rule::bad_type);
	if (is_of_other_copy("try_detach", cgrp, not_changed))
		return request.refused(attach_rule::other_copy);
	const writer_call around;
	prog_list dropped;
	{
		std::lock_guard held(cgroup_mutex());
		if (!cgrp.online)
			return request.refused(attach_rule::cgroup_removed);
		cgroup_bpf_home& home = own_of(cgrp, type);
		prog_list::iterator found;
		if (const attach_error refused = find_detached(request, home, found))
			return refused;
		detach_entry(home, *found, type, dropped);
	}
	dispose_entries(dropped);
	return {};
}

} // namespace sockops
