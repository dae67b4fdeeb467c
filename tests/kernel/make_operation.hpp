// SPDX-License-Identifier: MIT
// Operations in few words.
#pragma once

#include "operation.hpp"

namespace kernel_diff::make {

inline constexpr std::uint32_t none = 0, override_ = flag::allow_override, multi = flag::allow_multi,
							   pre = flag::preorder;

inline operation mkdir(int cgroup, int parent) {
	return {.kind = op_kind::mkdir, .cgroup = cgroup, .parent = parent};
}
inline operation rmdir(int cgroup) { return {.kind = op_kind::rmdir, .cgroup = cgroup}; }
inline operation attach(int cgroup, int prog, std::uint32_t flags = multi) {
	return {.kind = op_kind::attach, .cgroup = cgroup, .prog = prog, .flags = flags};
}
inline operation replace(int cgroup, int old, int prog, std::uint32_t flags = 0) {
	return {.kind = op_kind::attach,
			.cgroup = cgroup,
			.prog = prog,
			.replace = old,
			.flags = flags | multi | flag::replace};
}
inline operation detach(int cgroup, int prog) {
	return {.kind = op_kind::detach, .cgroup = cgroup, .prog = prog};
}
inline operation link(int cgroup, int number, int prog, std::uint32_t flags = 0) {
	return {.kind = op_kind::link_create, .cgroup = cgroup, .prog = prog, .link = number, .flags = flags};
}
inline operation update(int number, int prog) {
	return {.kind = op_kind::link_update, .prog = prog, .link = number};
}
inline operation update(int number, int prog, int old) {
	return {
		.kind = op_kind::link_update, .prog = prog, .link = number, .replace = old, .flags = flag::replace};
}
inline operation detach_link(int number) { return {.kind = op_kind::link_detach, .link = number}; }
inline operation close_link(int number) { return {.kind = op_kind::link_close, .link = number}; }
inline operation socket(int number, int cgroup) {
	return {.kind = op_kind::socket_open, .cgroup = cgroup, .socket = number};
}
inline operation close_socket(int number) { return {.kind = op_kind::socket_close, .socket = number}; }
inline operation query(int cgroup, std::uint32_t flags, std::uint32_t capacity, bool want_flags = false,
					   bool want_ids = true) {
	return {.kind = op_kind::query,
			.cgroup = cgroup,
			.flags = flags,
			.capacity = capacity,
			.want_flags = want_flags,
			.want_ids = want_ids};
}

// Said of an attach or a link_create.
inline operation beside(operation op, int prog) {
	op.anchor_prog = prog;
	return op;
}
inline operation beside_link(operation op, int number) {
	op.anchor_link = number;
	op.flags |= flag::link;
	return op;
}
inline operation expecting(operation op, std::uint64_t revision) {
	op.revision = revision;
	return op;
}

} // namespace kernel_diff::make
