// SPDX-License-Identifier: MIT
#include "library_world.hpp"

#include <algorithm>
#include <cerrno>

namespace kernel_diff {

using namespace sockops;

namespace {

constexpr u32 unknown_id = 0x7ffffff0;

/// What opening the handle of a cgroup answers that cannot be spoken to: removed, or none at all.
int cgroup_handle_error(int cgroup) { return cgroup < 0 ? -EBADF : -ENOENT; }

/// What opening a handle as a program answers.
int prog_handle_error(int prog) {
	if (prog >= 0)
		return 0;
	return prog == handle::closed ? -EBADF : -EINVAL;
}

} // namespace

library_world::library_world() {
	for (int number = 0; number != prog_numbers; ++number) {
		progs_[number] = make_bpf_prog("logs its number", [this, number](bpf_sock_ops&) {
			ran_.push_back(number);
			return 1;
		});
		prog_numbers_[progs_[number]->id] = number;
	}
	stranger_ = make_bpf_prog("stranger", [](bpf_sock_ops&) { return 1; });
}

library_world::~library_world() { remove_all(); }

void library_world::remove_all() {
	sockets_.clear();
	links_.clear();
	link_ids_.clear();
	root_.reset();
	cgroups_.clear();
	cgroup_numbers_.clear();
}

void library_world::start_over() {
	remove_all();
	root_ = std::make_unique<cgroup_root>();
	make_cgroup(0, handle::none);
}

answer library_world::told(const attach_error& error) {
	last_rule_ = error.rule;
	return {error.code()};
}

cgroup* library_world::find_cgroup(int number) const {
	return number == handle::none ? &**root_ : cgroups_.at(number);
}

cgroup* library_world::reachable(int number) const {
	if (number == handle::closed || number == handle::other_object)
		return nullptr;
	const auto known = numbers().cgroups.find(number);
	const bool removed = known != numbers().cgroups.end() && known->second.removed;
	return removed && !numbers().has_socket(number) ? nullptr : find_cgroup(number);
}

bpf_cgroup_link* library_world::find_link(int number) const {
	const auto found = links_.find(number);
	return found == links_.end() ? nullptr : found->second.get();
}

int library_world::number_of(const bpf_prog* prog) const {
	const auto found = prog_numbers_.find(prog->id);
	return found == prog_numbers_.end() ? handle::other_object : found->second;
}

bpf_attach_anchor library_world::anchor(const operation& op) const {
	bpf_attach_anchor beside;
	const bool is_link = op.anchor_link >= 0, by_id = op.flags & attach_flags::id;
	if (!is_link && op.anchor_prog == handle::none)
		return beside;
	if (by_id) {
		// An id is looked up among the kind that the flag link says.
		if (is_link != ((op.flags & attach_flags::link) != 0) || (!is_link && op.anchor_prog < 0))
			beside.id = unknown_id;
		else
			beside.id = is_link ? link_ids_.at(op.anchor_link) : progs_[op.anchor_prog]->id;
	} else if (is_link) {
		beside.link = find_link(op.anchor_link);
		beside.bad_handle = beside.link ? 0 : -EBADF;
	} else if (op.anchor_prog >= 0) {
		beside.prog = progs_[op.anchor_prog].get();
	} else if (op.anchor_prog == handle::other_type) {
		beside.prog = stranger_.get(); // its type is not asked for: it is attached elsewhere
	} else {
		beside.bad_handle = prog_handle_error(op.anchor_prog);
	}
	return beside;
}

bpf_attach_opts library_world::options(const operation& op) const {
	bpf_attach_opts opts;
	opts.flags = op.flags;
	opts.replace_prog = op.replace >= 0 ? progs_[op.replace].get() : nullptr;
	opts.anchor = anchor(op);
	opts.expected_revision = op.revision;
	return opts;
}

/// What opening the handles of an attach answers.
int library_world::attach_handle_error(const operation& op) const {
	constexpr u32 multi_replace = attach_flags::allow_multi | attach_flags::replace;
	if (const int error = prog_handle_error(op.prog))
		return error;
	const cgroup* const cgrp = reachable(op.cgroup);
	if (!cgrp)
		return cgroup_handle_error(op.cgroup);
	const bool looks_at_replace = cgrp->online && (op.flags & multi_replace) == multi_replace;
	return looks_at_replace && op.replace != handle::none ? prog_handle_error(op.replace) : 0;
}

answer library_world::attach(const operation& op) {
	constexpr u32 known = attach_flags::mode_mask | attach_flags::replace | attach_flags::preorder |
						  attach_flags::position_mask;
	if (const int error = attach_handle_error(op))
		return {op.flags & ~known ? -EINVAL : error};
	return told(try_attach(*reachable(op.cgroup), progs_[op.prog], options(op)));
}

answer library_world::detach(const operation& op) {
	cgroup* const cgrp = reachable(op.cgroup);
	if (!cgrp)
		return {op.flags || op.anchor_prog != handle::none || op.anchor_link >= 0
					? -EINVAL
					: cgroup_handle_error(op.cgroup)};
	bpf_attach_opts opts = options(op);
	opts.replace_prog = nullptr;
	return told(try_detach(*cgrp, op.prog >= 0 ? progs_[op.prog].get() : nullptr, opts));
}

answer library_world::link_create(const operation& op) {
	constexpr u32 known = attach_flags::preorder | attach_flags::position_mask;
	if (const int error = prog_handle_error(op.prog))
		return {error};
	cgroup* const cgrp = reachable(op.cgroup);
	if (!cgrp)
		return {op.flags & ~known ? -EINVAL : cgroup_handle_error(op.cgroup)};
	attach_error error;
	bpf_link link(*cgrp, progs_[op.prog], options(op), &error);
	if (link) {
		link_ids_[op.link] = link.get()->id;
		links_.emplace(op.link, std::move(link));
	}
	return told(error);
}

/// The library has programs of one type only: the kernel looks at the type last.
answer library_world::link_update_other_type(const operation& op, const bpf_prog* old) {
	const bpf_cgroup_link_info info = bpf_cgroup_link_get_info(*find_link(op.link));
	if (!info.cgroup_id)
		return {-ENOLINK};
	return {old && old->id != info.prog_id ? -EPERM : -EINVAL};
}

answer library_world::link_update(const operation& op) {
	if (op.flags & ~attach_flags::replace)
		return {-EINVAL};
	bpf_cgroup_link* const link = find_link(op.link);
	if (!link)
		return {-EBADF};
	if (op.prog < 0 && op.prog != handle::other_type)
		return {prog_handle_error(op.prog)};
	const bpf_prog* old = op.replace >= 0 ? progs_[op.replace].get() : nullptr;
	if (op.flags & attach_flags::replace) {
		if (op.replace == handle::other_type)
			old = stranger_.get();
		else if (const int error = prog_handle_error(op.replace))
			return {error};
	} else if (op.replace != handle::none) {
		old = stranger_.get();
	}
	if (op.prog == handle::other_type)
		return !(op.flags & attach_flags::replace) && old ? answer{-EINVAL} : link_update_other_type(op, old);
	return told(try_link_update(*link, progs_[op.prog], op.flags, old));
}

answer library_world::query(const operation& op) {
	cgroup* const cgrp = reachable(op.cgroup);
	if (!cgrp)
		return {op.flags & ~query_flags::effective ? -EINVAL : cgroup_handle_error(op.cgroup)};
	const bpf_prog* found[512]{};
	u32 ids[512]{}, flags[512];
	std::fill(std::begin(flags), std::end(flags), unwritten);
	cgroup_bpf_query_attr attr;
	attr.query_flags = op.flags;
	attr.capacity = op.capacity;
	attr.progs = op.want_ids ? found : nullptr;
	attr.prog_ids = op.want_ids ? ids : nullptr;
	attr.prog_attach_flags = op.want_flags ? flags : nullptr;
	answer got{cgroup_bpf_query(*cgrp, attr)};
	if (got.error && got.error != -ENOSPC)
		return got;
	got.found = {static_cast<u32>(attr.prog_cnt), attr.attach_flags, attr.revision, {}, {}};
	for (std::size_t i = 0; i != std::min<std::size_t>(op.capacity, attr.prog_cnt); ++i) {
		if (op.want_ids)
			got.found.progs.push_back(found[i]->id == ids[i] ? number_of(found[i]) : handle::closed);
		if (op.want_flags)
			got.found.prog_attach_flags.push_back(flags[i]);
	}
	return got;
}

int library_world::make_cgroup(int number, int parent) {
	cgroup* const above = parent == handle::none ? find_cgroup(parent) : reachable(parent);
	if (!above)
		return -ENOENT;
	int error = 0;
	cgroup* const made = cgroup_mkdir(*above, print("c%d", number), &error);
	if (!made)
		return error;
	cgroups_[number] = made;
	cgroup_numbers_[made->id] = number;
	return 0;
}

int library_world::remove_cgroup(int number) {
	cgroup* const cgrp = reachable(number);
	return cgrp ? cgroup_rmdir(*cgrp) : -ENOENT;
}

int library_world::open_socket(const operation& op) {
	cgroup* const cgrp = reachable(op.cgroup);
	if (!cgrp)
		return -ENOENT;
	auto made = std::make_unique<scoped_tcp_sock>(net_, *cgrp);
	const int error = made->error;
	if (!error)
		sockets_[op.socket] = std::move(made);
	return error;
}

answer library_world::carry_out(const operation& op) {
	last_rule_ = attach_rule::granted;
	switch (op.kind) {
	case op_kind::mkdir:
		return {make_cgroup(op.cgroup, op.parent)};
	case op_kind::rmdir:
		return {remove_cgroup(op.cgroup)};
	case op_kind::attach:
		return attach(op);
	case op_kind::detach:
		return detach(op);
	case op_kind::link_create:
		return link_create(op);
	case op_kind::link_update:
		return link_update(op);
	case op_kind::link_detach:
		return {find_link(op.link) ? bpf_cgroup_link_detach(*find_link(op.link)) : -EBADF};
	case op_kind::link_close:
		links_.erase(op.link);
		return {};
	case op_kind::query:
		return query(op);
	case op_kind::socket_open:
		return {open_socket(op)};
	case op_kind::socket_close:
		sockets_.erase(op.socket);
		return {};
	}
	return {};
}

link_state library_world::look_at_link(int link) {
	const bpf_cgroup_link_info info = bpf_cgroup_link_get_info(*find_link(link));
	const auto at = cgroup_numbers_.find(info.cgroup_id);
	const auto prog = prog_numbers_.find(info.prog_id);
	return {at == cgroup_numbers_.end() ? handle::none : at->second,
			prog == prog_numbers_.end() ? handle::other_object : prog->second};
}

std::vector<int> library_world::run(int socket) {
	ran_.clear();
	(void)tcp_call_bpf(sockets_.at(socket).get(), BPF_SOCK_OPS_TCP_LISTEN_CB, 0, nullptr);
	return ran_;
}

} // namespace kernel_diff
