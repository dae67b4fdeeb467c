// SPDX-License-Identifier: MIT
// From the lists of a tree to the arrays that dispatch runs.

#include <utility>

#include "../sync/rcu_queue.hpp"
#include "attach_rules.hpp"
#include "cgroup_internal.hpp"

namespace sockops {

namespace detail {

namespace {

using rules = attach_rules<>;

/// Calls fn(level) for each level that counts for `home`, itself first, then upwards: one that
/// nothing below has anything attached for, or that is in multi mode.
template <class Fn>
void for_each_level(const cgroup_bpf_home& home, Fn&& fn) {
	bool collected = false;
	for (const cgroup_bpf_home* level = &home; level; level = level->above)
		if (rules::contributes(*level, collected)) {
			collected = collected || !level->progs.empty();
			fn(*level);
		}
}

/// Calls fn(entry) in run order: PREORDER entries from the root down, then the others upwards.
template <class Fn>
void for_each_effective(const cgroup_bpf_home& home, Fn&& fn) {
	const auto those_with = [&](u32 preorder) {
		return [&fn, preorder](const cgroup_bpf_home& level) {
			if (preorder && !level.may_preorder)
				return;
			for (const bpf_prog_list& entry : level.progs)
				if ((entry.flags & attach_flags::preorder) == preorder)
					fn(entry);
		};
	};
	auto preorder = those_with(attach_flags::preorder);
	rules::for_each_preorder_level(home, preorder);
	for_each_level(home, those_with(0));
}

/// Flattened, so that the place to write to stays in a register.
[[gnu::flatten]] bpf_prog_array* build(const cgroup_bpf_home& home) noexcept {
	std::size_t count = 0;
	for_each_level(home, [&](const cgroup_bpf_home& level) { count += level.progs.size(); });
	bpf_prog_array* const array = bpf_prog_array_alloc(count);
	if (!array)
		return nullptr;
	bpf_prog_array_item* item = array->items();
	for_each_effective(home,
					   [&](const bpf_prog_list& entry) { rcu_assign_pointer((item++)->prog, entry.prog); });
	return array;
}

/// Where `entry`, which is in its list, stands in the home's own array; nullptr: it does not run
/// there. A dummy stands for an entry that has left its list, so the count passes over it.
bpf_prog_array_item* find_slot(cgroup_bpf_home& home, const bpf_prog_list& entry) noexcept {
	bpf_prog_array_item* item = rcu_access_pointer(home.effective)->items();
	bpf_prog_array_item* found = nullptr;
	for_each_effective(home, [&](const bpf_prog_list& there) {
		while (rcu_access_pointer(item->prog) == &bpf_dummy_prog)
			++item;
		if (&there == &entry)
			found = item;
		++item;
	});
	return found;
}

/// Parents first.
template <class Fn>
void for_each_home(cgroup_bpf_home& from, Fn&& fn) {
	fn(from);
	for (cgroup_bpf_home& home : from.below)
		for_each_home(home, fn);
}

/// Arrays that nobody publishes any more. They are freed or queued when all homes have been given their new
/// ones: until then one that shared an old one still shows it to new readers.
class retired_arrays {
  public:
	void add(bpf_prog_array* array) noexcept {
		array->rcu.next = first_;
		first_ = &array->rcu;
	}
	~retired_arrays() {
		const bool at_once = first_ && rcu_alone();
		while (first_) {
			rcu_head* const head = std::exchange(first_, first_->next);
			at_once ? free_array(head) : rcu_queue(head, free_array);
		}
	}

  private:
	static void free_array(rcu_head* head) noexcept {
		bpf_prog_array_free(reinterpret_cast<bpf_prog_array*>(head)); // which starts with its head
	}
	static_assert(offsetof(bpf_prog_array, rcu) == 0);

	rcu_head* first_ = nullptr;
};

/// Publishes an array that is the home's own, or (owned: false) the one above's.
void publish(cgroup_bpf_home& home, bpf_prog_array* array, bool owned, retired_arrays& retired) noexcept {
	bpf_prog_array* const old = rcu_access_pointer(home.effective);
	const bool old_owned = std::exchange(home.owns_effective, owned);
	rules::publish(home, array);
	if (old_owned)
		retired.add(old);
}

bpf_prog_array* array_above(const cgroup_bpf_home& home) noexcept {
	return home.above ? rcu_access_pointer(home.above->effective) : bpf_prog_array_alloc(0);
}

/// Builds into `inactive` wherever there are programs; true if there was memory for all.
bool build_all(cgroup_bpf_home& from) noexcept {
	bool all = true;
	for_each_home(from, [&](cgroup_bpf_home& home) {
		home.inactive = home.progs.empty() ? nullptr : build(home);
		all = all && (home.inactive || home.progs.empty());
	});
	return all;
}

/// Publishes what was built. A home without programs shares; one whose array could not be built
/// keeps the old one.
void publish_all(cgroup_bpf_home& from) noexcept {
	retired_arrays retired;
	for_each_home(from, [&](cgroup_bpf_home& home) {
		if (home.progs.empty())
			publish(home, array_above(home), false, retired);
		else if (bpf_prog_array* const built = std::exchange(home.inactive, nullptr))
			publish(home, built, true, retired);
	});
}

/// Gives `below` and what has the same home the new one. Homes on the way move under it.
void adopt(cgroup& below, cgroup_bpf_home& from, cgroup_bpf_home& to, cgroup_bpf_attach_type type) noexcept {
	cgroup_bpf_home& own = below.bpf.own[type];
	if (rcu_access_pointer(below.bpf.home[type]) == &own && &own != &to) {
		from.below.erase(from.below.iterator_to(own));
		to.below.push_back(own);
		own.above = &to;
		return;
	}
	rules::move_to(to, below, type);
	for (cgroup& child : below.children)
		adopt(child, from, to, type);
}

} // namespace

void cgroup_bpf_inherit(cgroup& created, cgroup_bpf_attach_type type) noexcept {
	if (created.parent)
		return rcu_assign_pointer(created.bpf.home[type], rcu_access_pointer(created.parent->bpf.home[type]));
	rcu_assign_pointer(created.bpf.own[type].effective, bpf_prog_array_alloc(0));
	rcu_assign_pointer(created.bpf.home[type], &created.bpf.own[type]);
}

cgroup_bpf_home& become_home(cgroup& cgrp, cgroup_bpf_attach_type type) noexcept {
	cgroup_bpf_home& own = cgrp.bpf.own[type];
	cgroup_bpf_home& before = *rcu_access_pointer(cgrp.bpf.home[type]);
	if (&before == &own)
		return own;
	own.above = &before;
	rcu_assign_pointer(own.effective, rcu_access_pointer(before.effective));
	before.below.push_back(own);
	adopt(cgrp, before, own, type);
	return own;
}

bool update_effective_progs(cgroup_bpf_home& home) noexcept {
	if (build_all(home)) {
		publish_all(home);
		return true;
	}
	for_each_home(home, [](cgroup_bpf_home& below) {
		bpf_prog_array_free(std::exchange(below.inactive, nullptr)); // none: nothing
	});
	return false;
}

void remove_effective_prog(cgroup_bpf_home& home, bpf_prog_list& entry) noexcept {
	auto& list = home.progs;
	const auto next = list.erase(list.iterator_to(entry));
	const u32 mode = home.flags;
	const auto leave = [&] {
		if (list.empty())
			home.flags = 0;
	};
	leave();
	if (!build_all(home)) {
		list.insert(next, entry); // as it was, to find its place in the old arrays
		home.flags = mode;
		for_each_home(home, [&](cgroup_bpf_home& below) {
			if (below.inactive || !below.owns_effective)
				return;
			if (bpf_prog_array_item* const slot = find_slot(below, entry))
				rcu_assign_pointer(slot->prog, &bpf_dummy_prog);
		});
		list.erase(list.iterator_to(entry));
		leave();
	}
	publish_all(home);
}

void replace_effective_prog(cgroup_bpf_home& home, const bpf_prog_list& entry) noexcept {
	for_each_home(home, [&](cgroup_bpf_home& below) {
		if (!below.owns_effective)
			return;
		if (bpf_prog_array_item* const slot = find_slot(below, entry))
			rcu_assign_pointer(slot->prog, entry.prog);
	});
}

void cgroup_bpf_release(cgroup& cgrp, cgroup_bpf_home::prog_list& dropped) noexcept {
	for (int t = 0; t != MAX_CGROUP_BPF_ATTACH_TYPE; ++t) {
		const auto type = static_cast<cgroup_bpf_attach_type>(t);
		cgroup_bpf_home& own = cgrp.bpf.own[type];
		if (rcu_access_pointer(cgrp.bpf.home[type]) != &own)
			continue;
		for (bpf_prog_list& entry : own.progs)
			forget_entry(entry, type);
		dropped.splice(dropped.end(), own.progs);
		own.flags = 0;
		if (own.above)
			own.above->below.erase(own.above->below.iterator_to(own));
		retired_arrays retired;
		publish(own, bpf_prog_array_alloc(0), false, retired);
	}
}

} // namespace detail

} // namespace sockops
