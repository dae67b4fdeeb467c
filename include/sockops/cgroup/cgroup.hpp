// SPDX-License-Identifier: MIT
// struct cgroup: a node of a tree, and the programs that run for the sockets created in it.
//
// A tree is made by a cgroup_root and lives until that is destroyed; as many as wanted in one
// process. A cgroup exists from cgroup_mkdir() to cgroup_rmdir(); references (sockets hold one)
// keep a removed cgroup's programs running until the last is gone, as in the kernel.
//
// All changes are made under one process-wide lock, the kernel's cgroup_mutex, which is never held
// while waiting. Dispatch takes no lock. Any thread; not from signal handlers.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include <boost/intrusive/list.hpp>

#include <sockops/bpf/bpf_prog_array.hpp>
#include <sockops/bpf/uapi.hpp>
#include <sockops/sync/static_key.hpp>

namespace sockops {

struct cgroup;

namespace detail {
using list_hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>>;
}

/// struct bpf_prog_list: one attachment.
struct bpf_prog_list : detail::list_hook {
	bpf_prog* prog = nullptr; ///< holds a reference
	u32 flags = 0;            ///< attach_flags of the attach that made it
};

/// struct cgroup_bpf, what a cgroup knows of programs, by attach type.
struct cgroup_bpf {
	using prog_list = boost::intrusive::list<bpf_prog_list>;

	/// Own and inherited programs in run order; never NULL after creation.
	rcu_pointer<bpf_prog_array> effective[MAX_CGROUP_BPF_ATTACH_TYPE]{};

	// Under cgroup_mutex.
	prog_list progs[MAX_CGROUP_BPF_ATTACH_TYPE];
	u32 flags[MAX_CGROUP_BPF_ATTACH_TYPE]{};                ///< mode of a non-empty list
	u64 revisions[MAX_CGROUP_BPF_ATTACH_TYPE]{1};           ///< + 1 with each successful change
	bpf_prog_array* inactive[MAX_CGROUP_BPF_ATTACH_TYPE]{}; ///< built, not yet published
};

struct cgroup : detail::list_hook, rcu_head {
	cgroup_bpf bpf;
	cgroup* const parent; ///< holds a reference; nullptr for a root
	const std::string name;

	/// From the root: "/", "/a/b". Valid while a reference is held.
	[[nodiscard]] std::string path() const;

	// Under cgroup_mutex.
	boost::intrusive::list<cgroup> children; ///< removed ones too, until their last reference goes
	bool online = true;                      ///< cgroup_rmdir() has not been called

	// The last put frees. Counted: the directory itself, children, sockets, cgroup_get().
	std::atomic<u32> refcnt{1};

	cgroup(cgroup* under, std::string_view called);
};

/// Creates a child: online, no programs of its own, its parent's effective ones inherited at once.
/// nullptr on error, with *error one of -EINVAL (empty name, or a '/' in it), -EEXIST, -ENOENT (the
/// parent has been removed), -ENOMEM. The pointer is good until cgroup_rmdir() or the root's end.
[[nodiscard]] cgroup* cgroup_mkdir(cgroup& parent, std::string_view name, int* error = nullptr) noexcept;

/// Removes: 0, -EBUSY (it has children, or is a root), -ENOENT (removed already). With a reference
/// elsewhere its programs keep running for its sockets; nothing can be attached any more.
[[nodiscard]] int cgroup_rmdir(cgroup& cgrp) noexcept;

/// A reference more; never on a cgroup that may already be freed.
inline void cgroup_get(cgroup& cgrp) noexcept { cgrp.refcnt.fetch_add(1, std::memory_order_relaxed); }
/// A reference less. The last one detaches everything and frees after a grace period; no waiting.
void cgroup_put(cgroup& cgrp) noexcept;

/// Owns a tree: its root cgroup "/" from construction, and at destruction the removal of all that
/// is left, leaves first. Sockets may outlive it; they keep what they reference.
class cgroup_root {
  public:
	cgroup_root(); ///< throws std::bad_alloc (aborts without exceptions)
	~cgroup_root();
	cgroup_root(const cgroup_root&) = delete;
	cgroup_root& operator=(const cgroup_root&) = delete;

	cgroup& operator*() const noexcept { return *root_; }
	cgroup* operator->() const noexcept { return root_; }

  private:
	cgroup* root_;
};

/// The static key of an attach type: attachments in the whole process.
extern static_key cgroup_bpf_enabled_key[MAX_CGROUP_BPF_ATTACH_TYPE];

/// cgroup_bpf_enabled(type): is anything attached anywhere?
[[nodiscard, gnu::always_inline]] inline bool cgroup_bpf_enabled(cgroup_bpf_attach_type type) noexcept {
	return static_branch_unlikely(cgroup_bpf_enabled_key[type]);
}

} // namespace sockops
