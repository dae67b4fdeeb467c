// SPDX-License-Identifier: MIT
// The part of the bpf(2) ABI that attaching needs, written out: the system's <linux/bpf.h> may be
// older than the fields that 6.17 added. Nothing here belongs to the library under test.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kernel_diff::abi {

enum command : int {
	map_create = 0,
	map_lookup = 1,
	map_update = 2,
	map_delete = 3,
	prog_load = 5,
	prog_attach = 8,
	prog_detach = 9,
	prog_test_run = 10,
	obj_get_info_by_fd = 15,
	prog_query = 16,
	btf_load = 18,
	link_create = 28,
	link_update = 29,
	link_detach = 34,
};

enum prog_type : std::uint32_t { socket_filter = 1, sched_cls = 3, sock_ops = 13 };
inline constexpr std::uint32_t attach_cgroup_sock_ops = 3;
inline constexpr std::uint32_t map_array = 2, map_is_mmapable = 1 << 10;

/// One instruction.
struct insn {
	std::uint8_t code;
	std::uint8_t dst : 4, src : 4;
	std::int16_t off;
	std::int32_t imm;
};
static_assert(sizeof(insn) == 8);

struct map_create_attr {
	std::uint32_t map_type, key_size, value_size, max_entries, map_flags;
};

struct prog_load_attr {
	std::uint32_t prog_type, insn_cnt;
	std::uint64_t insns, license;
	std::uint32_t log_level, log_size;
	std::uint64_t log_buf;
	std::uint32_t kern_version, prog_flags;
	char prog_name[16];
};

struct test_run_attr {
	std::uint32_t prog_fd, retval, data_size_in, data_size_out;
	std::uint64_t data_in, data_out;
	std::uint32_t repeat, duration, ctx_size_in, ctx_size_out;
	std::uint64_t ctx_in, ctx_out;
};

/// Of attach and detach.
struct attach_attr {
	std::uint32_t target_fd, attach_bpf_fd, attach_type, attach_flags, replace_bpf_fd, relative;
	std::uint64_t expected_revision;
};
static_assert(sizeof(attach_attr) == 32);

struct query_attr {
	std::uint32_t target_fd, attach_type, query_flags, attach_flags;
	std::uint64_t prog_ids;
	std::uint32_t prog_cnt, unused;
	std::uint64_t prog_attach_flags, link_ids, link_attach_flags, revision;
};
static_assert(offsetof(query_attr, revision) == 56);

struct link_create_attr {
	std::uint32_t prog_fd, target_fd, attach_type, flags, relative, unused;
	std::uint64_t expected_revision;
};
static_assert(offsetof(link_create_attr, expected_revision) == 24);

struct link_update_attr {
	std::uint32_t link_fd, new_prog_fd, flags, old_prog_fd;
};

struct link_detach_attr {
	std::uint32_t link_fd;
};

struct info_attr {
	std::uint32_t bpf_fd, info_len;
	std::uint64_t info;
};

struct prog_info {
	std::uint32_t type, id;
};

struct link_info {
	std::uint32_t type, id, prog_id, unused;
	std::uint64_t cgroup_id;
	std::uint32_t attach_type, unused_too;
};

} // namespace kernel_diff::abi
