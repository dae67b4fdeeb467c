// SPDX-License-Identifier: MIT
// Attach and detach: the checks in the kernel's order, the change, and its undoing.

#include <sockops/cgroup/attach.hpp>

#include <algorithm>
#include <cerrno>

#include "../kern/alloc.hpp"
#include "../sync/rcu_queue.hpp"
#include "cgroup_internal.hpp"

namespace sockops {

namespace {

using namespace detail;
using prog_list = cgroup_bpf::prog_list;

constexpr u32 mode_mask = attach_flags::allow_override | attach_flags::allow_multi;

bool is_multi(u32 flags) noexcept { return flags & attach_flags::allow_multi; }

/// May a descendant of these attach? The nearest ancestor with programs decides.
bool hierarchy_allows_attach(const cgroup& cgrp, cgroup_bpf_attach_type type) noexcept {
	for (const cgroup* above = cgrp.parent; above; above = above->parent) {
		if (is_multi(above->bpf.flags[type]))
			return true;
		if (!above->bpf.progs[type].empty())
			return above->bpf.flags[type] & attach_flags::allow_override;
	}
	return true;
}

prog_list::iterator find_entry(prog_list& list, const bpf_prog* prog) noexcept {
	return std::find_if(list.begin(), list.end(),
						[&](const bpf_prog_list& entry) { return entry.prog == prog; });
}

/// The checks that need no change: 0 or the errno.
int check_attach(cgroup& cgrp, const bpf_prog* prog, u32 flags, cgroup_bpf_attach_type type) noexcept {
	prog_list& list = cgrp.bpf.progs[type];
	if (!cgrp.online)
		return -ENOENT;
	if ((flags & mode_mask) == mode_mask)
		return -EINVAL;
	if (!hierarchy_allows_attach(cgrp, type))
		return -EPERM;
	if (!list.empty() && cgrp.bpf.flags[type] != (flags & mode_mask))
		return -EPERM;
	if (list.size() >= bpf_cgroup_max_progs)
		return -E2BIG;
	if (is_multi(flags) && find_entry(list, prog) != list.end())
		return -EINVAL;
	return 0;
}

/// Single mode with a program there already: it is replaced in its entry. `replaced` takes the
/// reference to the old one.
int replace_program(cgroup& cgrp, bpf_prog* prog, u32 flags, cgroup_bpf_attach_type type,
					bpf_prog_ptr& replaced) noexcept {
	bpf_prog_list& entry = cgrp.bpf.progs[type].front();
	const bpf_prog_list before = entry;
	entry.prog = prog;
	entry.flags = flags;
	if (const int error = update_effective_progs(cgrp, type)) {
		entry.prog = before.prog;
		entry.flags = before.flags;
		return error;
	}
	bpf_prog_inc(prog);
	replaced = bpf_prog_ptr::adopt(before.prog);
	return 0;
}

int add_program(cgroup& cgrp, bpf_prog* prog, u32 flags, cgroup_bpf_attach_type type) noexcept {
	bpf_prog_list* entry = make<bpf_prog_list>();
	if (!entry)
		return -ENOMEM;
	entry->prog = prog;
	entry->flags = flags;
	const u32 mode_before = cgrp.bpf.flags[type];
	cgrp.bpf.progs[type].push_back(*entry);
	cgrp.bpf.flags[type] = flags & mode_mask;
	if (const int error = update_effective_progs(cgrp, type)) {
		cgrp.bpf.progs[type].pop_back();
		cgrp.bpf.flags[type] = mode_before;
		delete entry;
		return error;
	}
	bpf_prog_inc(prog);
	static_branch_inc(cgroup_bpf_enabled_key[type]);
	return 0;
}

/// No memory for new arrays: overwrites, in every array below that runs `entry`, its slot with the
/// dummy. `entry` is still in its list. An array may lack entries that the lists would now give it
/// (an ancestor's, since an earlier detach without memory took the last of a level below), so the
/// slot is found by its program, and among equal ones by how many the lists have before it. Never
/// past the end, never another program's; and no array is left with more of a program than are
/// attached, so that none outlives its last attachment.
void purge_effective_progs(cgroup& cgrp, const bpf_prog_list& entry, cgroup_bpf_attach_type type) noexcept {
	for_each_descendant(cgrp, [&](cgroup& below) {
		std::size_t before = 0;
		bool reached = false;
		for_each_contributing(below, type, [&](const prog_list& list) {
			for (const bpf_prog_list& there : list) {
				reached = reached || &there == &entry;
				before += !reached && there.prog == entry.prog;
			}
		});
		bpf_prog_array_item* slot = nullptr;
		bpf_prog_array_item* item = rcu_access_pointer(below.bpf.effective[type])->items();
		for (; reached && rcu_access_pointer(item->prog); ++item)
			if (rcu_access_pointer(item->prog) == entry.prog) {
				slot = item;
				if (before-- == 0)
					break;
			}
		if (slot)
			rcu_assign_pointer(slot->prog, &bpf_dummy_prog);
	});
}

/// Removes an entry for good; its memory and reference are the caller's to dispose of.
void remove_entry(cgroup& cgrp, prog_list::iterator at, cgroup_bpf_attach_type type,
				  prog_list& dropped) noexcept {
	prog_list& list = cgrp.bpf.progs[type];
	const prog_list::iterator next = std::next(at);
	bpf_prog_list& entry = *at;
	list.erase(at);
	const u32 mode = cgrp.bpf.flags[type];
	if (list.empty())
		cgrp.bpf.flags[type] = 0;
	if (update_effective_progs(cgrp, type) != 0) {
		list.insert(next, entry);
		cgrp.bpf.flags[type] = mode;
		purge_effective_progs(cgrp, entry, type);
		list.erase(list.iterator_to(entry));
		if (list.empty())
			cgrp.bpf.flags[type] = 0;
	}
	dropped.push_back(entry);
	static_branch_dec(cgroup_bpf_enabled_key[type]);
}

} // namespace

void detail::dispose_entries(prog_list& entries) noexcept {
	entries.clear_and_dispose([](bpf_prog_list* entry) {
		bpf_prog_put(entry->prog);
		delete entry;
	});
}

int cgroup_bpf_attach(cgroup& cgrp, const bpf_prog_ptr& prog, u32 flags,
					  cgroup_bpf_attach_type type) noexcept {
	if (!prog || type >= MAX_CGROUP_BPF_ATTACH_TYPE || (flags & ~mode_mask))
		return -EINVAL;
	rcu_poll();
	bpf_prog_ptr replaced;
	{
		std::lock_guard held(cgroup_mutex());
		if (const int error = check_attach(cgrp, prog.get(), flags, type))
			return error;
		const bool replaces = !is_multi(flags) && !cgrp.bpf.progs[type].empty();
		if (const int error = replaces ? replace_program(cgrp, prog.get(), flags, type, replaced)
									   : add_program(cgrp, prog.get(), flags, type))
			return error;
		++cgrp.bpf.revisions[type];
	}
	rcu_run_if_alone();
	return 0;
}

int cgroup_bpf_detach(cgroup& cgrp, const bpf_prog* prog, cgroup_bpf_attach_type type) noexcept {
	if (type >= MAX_CGROUP_BPF_ATTACH_TYPE)
		return -EINVAL;
	rcu_poll();
	prog_list dropped;
	{
		std::lock_guard held(cgroup_mutex());
		prog_list& list = cgrp.bpf.progs[type];
		if (!cgrp.online)
			return -ENOENT;
		const bool multi = is_multi(cgrp.bpf.flags[type]);
		if (multi && !prog)
			return -EINVAL;
		const prog_list::iterator at = multi ? find_entry(list, prog) : list.begin();
		if (at == list.end())
			return -ENOENT;
		remove_entry(cgrp, at, type, dropped);
		++cgrp.bpf.revisions[type];
	}
	dispose_entries(dropped);
	rcu_run_if_alone();
	return 0;
}

int cgroup_bpf_query(cgroup& cgrp, bool effective, const bpf_prog** progs, std::size_t capacity,
					 cgroup_bpf_query_result& result, cgroup_bpf_attach_type type) noexcept {
	if (type >= MAX_CGROUP_BPF_ATTACH_TYPE)
		return -EINVAL;
	std::lock_guard held(cgroup_mutex());
	if (!cgrp.online)
		return -ENOENT;
	result = {0, effective ? 0 : cgrp.bpf.flags[type], effective ? 0 : cgrp.bpf.revisions[type]};
	const auto report = [&](const bpf_prog* prog) {
		if (result.prog_cnt < capacity)
			progs[result.prog_cnt] = prog;
		++result.prog_cnt;
	};
	if (effective) {
		for (const bpf_prog_array_item* item = rcu_access_pointer(cgrp.bpf.effective[type])->items();
			 const bpf_prog* prog = rcu_access_pointer(item->prog); ++item)
			if (prog != &bpf_dummy_prog)
				report(prog);
	} else {
		for (const bpf_prog_list& entry : cgrp.bpf.progs[type])
			report(entry.prog);
	}
	return capacity != 0 && result.prog_cnt > capacity ? -ENOSPC : 0;
}

void detail::cgroup_bpf_release(cgroup& cgrp, prog_list& dropped) noexcept {
	for (int t = 0; t != MAX_CGROUP_BPF_ATTACH_TYPE; ++t) {
		const auto type = static_cast<cgroup_bpf_attach_type>(t);
		prog_list& list = cgrp.bpf.progs[type];
		for (std::size_t left = list.size(); left != 0; --left)
			static_branch_dec(cgroup_bpf_enabled_key[type]);
		dropped.splice(dropped.end(), list);
		cgrp.bpf.flags[type] = 0;
		activate_effective_progs(cgrp, bpf_prog_array_alloc(0), type);
	}
}

} // namespace sockops
