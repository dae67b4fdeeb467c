// SPDX-License-Identifier: MIT
// struct bpf_cgroup_link: an attachment that has an owner, and ends with it. BPF_LINK_CREATE,
// _UPDATE and _DETACH of Linux 6.18.
//
// A link's attachment is always of the mode allow_multi. A program may be attached by any number of
// links and once directly, and runs once for each.
//
// Context: any thread, inside programs too; takes cgroup_mutex for a moment. Not from a signal handler.
#pragma once

#include <sockops/cgroup/attach.hpp>

namespace sockops {

/// Made by try_link_create(), ended by bpf_link_put(). All of it is under cgroup_mutex.
struct bpf_cgroup_link {
	const u32 id;         ///< not 0; one number, one link, in the whole process
	cgroup* cgrp;         ///< nullptr once detached, or the cgroup's last reference is gone
	bpf_prog_ptr prog;    ///< what runs now
	bpf_prog_list* entry; ///< in cgrp's list
	cgroup_bpf_attach_type type = CGROUP_SOCK_OPS;

	explicit bpf_cgroup_link(u32 number) noexcept : id(number), cgrp(nullptr), entry(nullptr) {}
};

/// BPF_LINK_CREATE: flags of position_mask and preorder alone; otherwise the rules of an attach in
/// the mode allow_multi. On success `*created` is the caller's.
[[nodiscard]] attach_error try_link_create(cgroup& cgrp, const bpf_prog_ptr& prog,
										   const bpf_attach_opts& opts, bpf_cgroup_link** created,
										   cgroup_bpf_attach_type type = CGROUP_SOCK_OPS) noexcept;

/// cgroup_bpf_replace(), BPF_LINK_UPDATE: `prog` runs in place of the link's program, in the same
/// position. Never allocates; a dispatch under way may run the old one or the new. With
/// attach_flags::replace, and only then, `old` must be given and be the current program.
[[nodiscard]] attach_error try_link_update(bpf_cgroup_link& link, const bpf_prog_ptr& prog, u32 flags = 0,
										   const bpf_prog* old = nullptr) noexcept;

/// bpf_cgroup_link_detach(), BPF_LINK_DETACH: ends the attachment and keeps the shell. 0, always; a
/// second time too.
int bpf_cgroup_link_detach(bpf_cgroup_link& link) noexcept;

/// bpf_cgroup_link_release(), the last close: detaches and frees. nullptr: nothing.
void bpf_link_put(bpf_cgroup_link* link) noexcept;

/// BPF_OBJ_GET_INFO_BY_FD of a link.
struct bpf_cgroup_link_info {
	u32 id, prog_id;
	u64 cgroup_id; ///< 0 once it is attached to nothing
};
[[nodiscard]] bpf_cgroup_link_info bpf_cgroup_link_get_info(const bpf_cgroup_link& link) noexcept;

/// A link that is detached when it goes out of scope.
class bpf_link {
  public:
	bpf_link() = default;
	/// Attaches. Empty if that was refused; `*why` says so if it is given.
	[[nodiscard]] bpf_link(cgroup& cgrp, const bpf_prog_ptr& prog, const bpf_attach_opts& opts = {},
						   attach_error* why = nullptr) noexcept {
		const attach_error refused = try_link_create(cgrp, prog, opts, &link_);
		if (why)
			*why = refused;
	}
	bpf_link(bpf_link&& other) noexcept : link_(other.release()) {}
	bpf_link& operator=(bpf_link&& other) noexcept {
		bpf_cgroup_link* const mine = link_;
		link_ = other.release();
		bpf_link_put(mine);
		return *this;
	}
	~bpf_link() { bpf_link_put(link_); }

	explicit operator bool() const noexcept { return link_ != nullptr; }
	/// nullptr of an empty one.
	bpf_cgroup_link* get() const noexcept { return link_; }
	/// The link, which lives on, and with it the attachment: the caller's. nullptr of an empty one.
	[[nodiscard]] bpf_cgroup_link* release() noexcept {
		bpf_cgroup_link* const link = link_;
		link_ = nullptr;
		return link;
	}
	/// try_link_update(); of an empty link: link_gone (-ENOLINK).
	[[nodiscard]] attach_error update(const bpf_prog_ptr& prog) noexcept {
		return link_ ? try_link_update(*link_, prog) : attach_error{attach_rule::link_gone};
	}
	/// The same, only if `expected` runs now.
	[[nodiscard]] attach_error update(const bpf_prog_ptr& prog, const bpf_prog* expected) noexcept {
		return link_ ? try_link_update(*link_, prog, attach_flags::replace, expected)
					 : attach_error{attach_rule::link_gone};
	}

  private:
	bpf_cgroup_link* link_ = nullptr;
};

} // namespace sockops
