// SPDX-License-Identifier: MIT
// The tree: making, removing and releasing cgroups.

#include <sockops/cgroup/cgroup.hpp>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>

#include <pthread.h>

#include <sockops/kern/check.hpp>

#include "../kern/alloc.hpp"
#include "../kern/other_copy.hpp"
#include "../sync/rcu_queue.hpp"
#include "cgroup_internal.hpp"

namespace sockops {

constinit static_key cgroup_bpf_enabled_key[MAX_CGROUP_BPF_ATTACH_TYPE];

namespace {

u64 next_cgroup_id() noexcept {
	static constinit std::atomic<u64> last{0};
	return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

/// A new cgroup with what it inherits, linked into its parent; nullptr: ENOMEM. Under the lock.
cgroup* create(cgroup* parent, std::string_view name) noexcept {
	void* const copy = ::operator new(name.size(), std::nothrow);
	if (!copy)
		return nullptr;
	name.copy(static_cast<char*>(copy), name.size());
	cgroup* const created =
		detail::make<cgroup>(parent, std::string_view(static_cast<char*>(copy), name.size()));
	if (!created) {
		::operator delete(copy);
		return nullptr;
	}
	for (int t = 0; t != MAX_CGROUP_BPF_ATTACH_TYPE; ++t)
		detail::cgroup_bpf_inherit(*created, static_cast<cgroup_bpf_attach_type>(t));
	if (parent) {
		cgroup_get(*parent);
		parent->children.push_back(*created);
		parent->names.insert(*created);
	}
	return created;
}

/// The last reference is gone. Returns the parent, whose reference the caller now holds.
cgroup* release(cgroup& cgrp) noexcept {
	cgroup* parent = cgrp.parent;
	cgroup_bpf_home::prog_list dropped;
	{
		std::lock_guard held(detail::cgroup_mutex());
		detail::cgroup_bpf_release(cgrp, dropped);
		if (parent)
			parent->children.erase(parent->children.iterator_to(cgrp));
		detail::rcu_queue(&cgrp, [](rcu_head* head) { delete static_cast<cgroup*>(head); });
	}
	detail::dispose_entries(dropped);
	return parent;
}

void remove_descendants(cgroup& cgrp) noexcept {
	for (;;) {
		cgroup* child = nullptr;
		{
			std::lock_guard held(detail::cgroup_mutex());
			if (cgrp.names.empty())
				return;
			child = &*cgrp.names.begin();
			cgroup_get(*child);
		}
		remove_descendants(*child);
		(void)cgroup_rmdir(*child);
		cgroup_put(*child);
	}
}

} // namespace

std::mutex& detail::cgroup_mutex() noexcept {
	static std::mutex* const mutex = [] {
		(void)rcu_pending(); // its fork handlers first: they then take their lock after ours
		pthread_atfork([] { cgroup_mutex().lock(); }, [] { cgroup_mutex().unlock(); },
					   [] { cgroup_mutex().unlock(); });
		return new std::mutex;
	}();
	return *mutex;
}

bool detail::is_of_other_copy(const char* call, const cgroup& cgrp, const char* result) noexcept {
	if (cgrp.made_by == this_copy()) [[likely]]
		return false;
	report_other_copy(call, "the cgroup", cgrp.path().c_str(), cgrp.made_by, result);
	return true;
}

bool detail::is_of_other_copy(const char* call, const bpf_prog& prog, const char* result) noexcept {
	if (!prog.made_by || prog.made_by == this_copy()) [[likely]]
		return false;
	report_other_copy(call, "the program", prog.name ? prog.name : "?", prog.made_by, result);
	return true;
}

cgroup::cgroup(cgroup* under, std::string_view called) noexcept
	: parent(under), name(called), id(next_cgroup_id()) {}

cgroup::~cgroup() { ::operator delete(const_cast<char*>(name.data())); }

std::string cgroup::path() const {
	if (!parent)
		return "/";
	return (parent->parent ? parent->path() : std::string()).append("/").append(name);
}

cgroup* cgroup_mkdir(cgroup& parent, std::string_view name, int* error) noexcept {
	int none = 0;
	int& result = error ? *error : none;
	result = 0;
	if (name.empty() || name.find('/') != std::string_view::npos) {
		result = -EINVAL;
		return nullptr;
	}
	if (detail::is_of_other_copy("cgroup_mkdir", parent, detail::not_changed)) {
		result = -EXDEV;
		return nullptr;
	}
	std::lock_guard held(detail::cgroup_mutex());
	if (!parent.online)
		result = -ENOENT;
	else if (parent.names.find(name) != parent.names.end())
		result = -EEXIST;
	cgroup* created = result == 0 ? create(&parent, name) : nullptr;
	if (!created && result == 0)
		result = -ENOMEM;
	return created;
}

int cgroup_rmdir(cgroup& cgrp) noexcept {
	if (detail::is_of_other_copy("cgroup_rmdir", cgrp, detail::not_changed))
		return -EXDEV;
	{
		std::lock_guard held(detail::cgroup_mutex());
		if (!cgrp.online)
			return -ENOENT;
		if (!cgrp.parent || !cgrp.names.empty())
			return -EBUSY;
		cgrp.online = false;
		cgrp.parent->names.erase(cgrp.parent->names.iterator_to(cgrp));
	}
	cgroup_put(cgrp);
	return 0;
}

void cgroup_put(cgroup& cgrp) noexcept {
	if (detail::is_of_other_copy("cgroup_put", cgrp, "The reference is kept: it is never freed"))
		return;
	cgroup* at = &cgrp;
	// E: acq_rel; the last put sees what every other holder did before its own.
	while (at && at->refcnt.fetch_sub(1, std::memory_order_acq_rel) == 1)
		at = release(*at);
	detail::rcu_run_if_alone();
}

cgroup_root::cgroup_root() : root_(nullptr) {
	std::lock_guard held(detail::cgroup_mutex());
	root_ = create(nullptr, "");
	if (!root_) {
#if defined(__cpp_exceptions)
		throw std::bad_alloc();
#else
		std::abort();
#endif
	}
}

cgroup_root::~cgroup_root() {
	if (detail::is_of_other_copy("~cgroup_root", *root_, "The tree is never freed"))
		return;
	remove_descendants(*root_);
	{
		std::lock_guard held(detail::cgroup_mutex());
		root_->online = false;
	}
	cgroup_put(*root_);
}

} // namespace sockops
