// SPDX-License-Identifier: MIT
// struct cgroup: a node of a tree, and the programs that run for the sockets created in it.
//
// A tree is made by a cgroup_root and lives until that is destroyed; as many as wanted in one
// process. A cgroup exists from cgroup_mkdir() to cgroup_rmdir(); references (sockets hold one)
// keep a removed cgroup's programs running until the last is gone, as in the kernel.
//
// All changes are made under one process-wide lock, the kernel's cgroup_mutex, which is never held
// while waiting. Dispatch takes no lock.
//
// Context: any thread, inside programs too; not from a signal handler. What stands "under cgroup_mutex" is
// the library's.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <sockops/bpf/bpf_prog_array.hpp>
#include <sockops/bpf/uapi.hpp>
#include <sockops/sync/static_key.hpp>

namespace sockops {

struct cgroup;
struct bpf_cgroup_link;

namespace detail {
using list_hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>>;
using name_hook = boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>,
												  boost::intrusive::optimize_size<true>>;
} // namespace detail

/// struct bpf_prog_list: one attachment.
struct bpf_prog_list : detail::list_hook {
	bpf_prog* prog = nullptr;        ///< the reference is this entry's, or its link's
	bpf_cgroup_link* link = nullptr; ///< whose attachment this is; nullptr: attached directly
	u32 flags = 0;                   ///< attach_flags of the attach that made it
};

/// What one cgroup attaches, and the array that comes of it.
///
/// Cgroups that attach nothing run what the nearest one above them runs that does, their home: so an
/// attach touches homes only, however many cgroups there are. A cgroup becomes its own home with
/// its first attach (which tells all below that had the same home) and stays it; one whose list is
/// empty again shares the array of the home above.
/// That is exact: a level without programs adds nothing to an array and changes no order in it.
struct cgroup_bpf_home : detail::list_hook {
	using prog_list = boost::intrusive::list<bpf_prog_list>;

	/// Own and inherited programs in run order; NULL before the cgroup is a home, never after.
	rcu_pointer<bpf_prog_array> effective;

	// Under cgroup_mutex.
	prog_list progs;
	u32 flags = 0;                                 ///< mode of a non-empty list
	bool may_preorder = false;                     ///< a hint: unset, no entry has PREORDER
	u64 revision = 1;                              ///< + 1 with each successful change
	cgroup_bpf_home* above = nullptr;              ///< the next home towards the root
	boost::intrusive::list<cgroup_bpf_home> below; ///< homes of which this is the next one
	bpf_prog_array* inactive = nullptr;            ///< built, not yet published
	bool owns_effective = false;                   ///< not shared with the home above
};

/// effective[type] of one cgroup: the array of its home, where it loads like the kernel's pointer.
class cgroup_bpf_effective {
  public:
	explicit cgroup_bpf_effective(const rcu_pointer<cgroup_bpf_home>& home) noexcept : home_(home) {}

	/// Two loads that must be of one moment: between them the cgroup may have got a home of its own,
	/// and the array of the old one may have got programs that never ran here. Then home_ is another
	/// by the time that array can be seen (B: rcu_dereference() is an acquire, so the second look
	/// comes after it). It settles: a cgroup's home only ever moves nearer.
	/// `between` stands between the loads, for a test that wants the worst to happen there.
	template <class Between>
	[[gnu::always_inline]] bpf_prog_array* load(Between&& between) const noexcept {
		for (;;) {
			const cgroup_bpf_home* const home = rcu_dereference(home_);
			between();
			bpf_prog_array* const array = rcu_dereference(home->effective);
			if (home == rcu_access_pointer(home_)) [[likely]]
				return array;
		}
	}
	[[gnu::always_inline]] friend bpf_prog_array* rcu_dereference(const cgroup_bpf_effective& of) noexcept {
		return of.load([] {});
	}
	/// Under cgroup_mutex.
	friend bpf_prog_array* rcu_access_pointer(const cgroup_bpf_effective& of) noexcept {
		return rcu_access_pointer(rcu_access_pointer(of.home_)->effective);
	}

  private:
	const rcu_pointer<cgroup_bpf_home>& home_;
};

/// struct cgroup_bpf, what a cgroup knows of programs, by attach type.
struct cgroup_bpf {
	/// Whose array runs for the sockets of this cgroup: its own home or one above, so it lives as
	/// long as the cgroup does.
	rcu_pointer<cgroup_bpf_home> home[MAX_CGROUP_BPF_ATTACH_TYPE]{};
	cgroup_bpf_home own[MAX_CGROUP_BPF_ATTACH_TYPE];

	/// effective[type] of the kernel: what dispatch runs.
	[[gnu::always_inline]] cgroup_bpf_effective effective(cgroup_bpf_attach_type type) const noexcept {
		return cgroup_bpf_effective(home[type]);
	}
};

struct cgroup : detail::list_hook, detail::name_hook, rcu_head {
	cgroup_bpf bpf;
	cgroup* const parent;        ///< holds a reference; nullptr for a root
	const std::string_view name; ///< in memory of its own
	const u64 id;                ///< not 0; one number, one cgroup, in the whole process

	/// From the root: "/", "/a/b". Valid while a reference is held.
	[[nodiscard]] std::string path() const;

	struct key_is_name {
		using type = std::string_view;
		type operator()(const cgroup& cgrp) const noexcept { return cgrp.name; }
	};

	// Under cgroup_mutex.
	boost::intrusive::list<cgroup> children; ///< removed ones too, until their last reference goes
	boost::intrusive::set<cgroup, boost::intrusive::key_of_value<key_is_name>> names; ///< those online
	bool online = true; ///< cgroup_rmdir() has not been called

	/// The library's copy whose code alone may use this cgroup (kern/library.hpp).
	const void* const made_by = detail::this_copy();

	// The last put frees. Counted: the directory itself, children, sockets, cgroup_get().
	std::atomic<u32> refcnt{1};

	/// Takes over the memory of `called`, which operator new gave.
	cgroup(cgroup* under, std::string_view called) noexcept;
	~cgroup();
};

/// Creates a child: online, no programs of its own, its parent's effective ones inherited at once.
/// nullptr on error, with *error one of -EINVAL (empty name, or a '/' in it), -EEXIST, -ENOENT (the
/// parent has been removed), -ENOMEM, -EXDEV (illegal use: it is another copy's of the library). The pointer
/// is good until cgroup_rmdir() or the root's end.
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

	/// The cgroup of a path ("/", "/fleet/web"). make(): made, and what is on the way, where it is missing;
	/// no memory is illegal use, and the root. at(): one that is there; where it is not, that is illegal use,
	/// in words that say what is there, and the root. So is a path without the first '/' or with an empty
	/// name, in both.
	cgroup& make(std::string_view path) const noexcept;
	[[nodiscard]] cgroup& at(std::string_view path) const noexcept;
	/// As at(), but nullptr if it is not there.
	[[nodiscard]] cgroup* find(std::string_view path) const noexcept;

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
