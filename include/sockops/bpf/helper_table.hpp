// SPDX-License-Identifier: MIT
// The helpers that a SOCK_OPS program may call in 6.18, with every capability: number, name, since
// when, in which ops each is of use, and its prototype in C, if it is here. The checks at load, the
// interpreter, natively compiled programs and their header go by it; what a helper does stands once,
// in src/helper, and a test that is made at compile time holds its arguments against the prototype.
//
// Since when is what public records say of SOCK_OPS programs: docs.ebpf.io, which has for each helper its
// release and the types of programs that may call it, and docs/kernel-versions.md of bcc, which has those
// that all types may. Where a helper came to these programs later than to others, it is the kernel's change
// that brought it: to SOCK_OPS programs d692f1138a4b (46, 4.19), a5a3a828cd00 (25, 5.0), 1314ef561102
// (96, 107, 108, 5.3), 6cf1770d63dd (122, 5.15), to those of the network 1df8f55a37bd (136 to
// 140, 5.10), to all f470378c7562 (35, 112 to 115, 5.8), a396eda5517a and dd6e10fbd9fb (158, 175, 5.15),
// 8a67f2de9b1d (105, 106, 6.1), c501bf55c88b (80, 123, 6.4), eb166e522c77 (14, 120, 6.10) and ee971630f20f
// (15 to 17 and others of tracing, 6.16). In doubt it is the earlier one: a program is refused for what is
// known alone.
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <cerrno>
#include <string_view>

#include <sockops/bpf/c_prototype.hpp>
#include <sockops/bpf/uapi.hpp>

namespace sockops {

struct bpf_helper {
	u8 id; ///< enum bpf_func_id; 0: a kfunc, which has no number
	std::string_view name;
	kernel_release since;         ///< for SOCK_OPS programs; 0: by 6.18, since when has not been established
	bool gpl_only;                ///< only for programs with a licence compatible with the GPL
	u32 ops;                      ///< bit 1 << op: it does its work there
	u8 elsewhere;                 ///< and in other ops answers minus this
	std::string_view prototype{}; ///< in C; "": it is not here, or a kfunc (bpf/kfunc_table.hpp)
};

/// Numbers go up to BPF_FUNC_cgrp_storage_delete and will not go further: new ones are kfuncs.
inline constexpr u32 max_bpf_helper_id = 211;

namespace helper_ops {
inline constexpr u32 all_ops = ~0u;
/// Where the socket counts as locked, by the op's number.
inline constexpr u32 locked_ops = (1u << (BPF_SOCK_OPS_WRITE_HDR_OPT_CB + 1)) - 1;
constexpr u32 one_op(bpf_sock_ops_op op) noexcept { return 1u << op; }
inline constexpr u32 sockmap_ops = one_op(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) |
								   one_op(BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) |
								   one_op(BPF_SOCK_OPS_TCP_LISTEN_CB);
} // namespace helper_ops

namespace detail {
using namespace helper_ops;
inline constexpr kernel_release not_known = 0;
inline constexpr u8 kfunc = 0;

/// A helper that can be called here.
constexpr bpf_helper here(u8 id, kernel_release since, bool gpl_only, u32 ops, u8 elsewhere,
						  std::string_view prototype) {
	return {id, parse_prototype(prototype).self.name, since, gpl_only, ops, elsewhere, prototype};
}

// clang-format off
inline constexpr bpf_helper helpers[] = {
	here(1, release(4, 13), false, all_ops, 0, "void *bpf_map_lookup_elem(void *map, const void *key)"),
	here(2, release(4, 13), false, all_ops, 0, "long bpf_map_update_elem(void *map, const void *key, const void *value, u64 flags)"),
	here(3, release(4, 13), false, all_ops, 0, "long bpf_map_delete_elem(void *map, const void *key)"),
	here(5, release(4, 13), false, all_ops, 0, "u64 bpf_ktime_get_ns(void)"),
	here(6, release(4, 13), true, all_ops, 0, "long bpf_trace_printk(const char *fmt, u32 fmt_size, ...)"),
	here(7, release(4, 13), false, all_ops, 0, "u32 bpf_get_prandom_u32(void)"),
	here(8, release(4, 13), false, all_ops, 0, "u32 bpf_get_smp_processor_id(void)"),
	here(12, release(4, 13), false, all_ops, 0, "long bpf_tail_call(void *ctx, void *prog_array_map, u32 index)"),
	here(14, release(6, 10), false, all_ops, 0, "u64 bpf_get_current_pid_tgid(void)"),
	here(15, release(6, 16), false, all_ops, 0, "u64 bpf_get_current_uid_gid(void)"),
	here(16, release(6, 16), false, all_ops, 0, "long bpf_get_current_comm(void *buf, u32 size_of_buf)"),
	{17, "bpf_get_cgroup_classid", release(6, 16), false, all_ops, 0},
	{22, "bpf_perf_event_read", release(6, 16), true, all_ops, 0},
	here(25, release(5, 0), true, all_ops, 0, "long bpf_perf_event_output(void *ctx, void *map, u64 flags, void *data, u64 size)"),
	{35, "bpf_get_current_task", release(5, 8), true, all_ops, 0},
	{37, "bpf_current_task_under_cgroup", not_known, false, all_ops, 0},
	here(42, release(4, 13), false, all_ops, 0, "long bpf_get_numa_node_id(void)"),
	here(46, release(4, 19), false, all_ops, 0, "u64 bpf_get_socket_cookie(void *ctx)"),
	here(49, release(4, 13), false, locked_ops, EOPNOTSUPP, "long bpf_setsockopt(void *bpf_socket, int level, int optname, void *optval, int optlen)"),
	here(53, release(4, 14), false, sockmap_ops, EOPNOTSUPP, "long bpf_sock_map_update(struct bpf_sock_ops *skops, void *map, void *key, u64 flags)"),
	{55, "bpf_perf_event_read_value", not_known, true, all_ops, 0},
	here(57, release(4, 15), false, locked_ops, EOPNOTSUPP, "long bpf_getsockopt(void *bpf_socket, int level, int optname, void *optval, int optlen)"),
	here(59, release(4, 16), false, locked_ops, EOPNOTSUPP, "long bpf_sock_ops_cb_flags_set(struct bpf_sock_ops *skops, int argval)"),
	here(70, release(4, 18), false, sockmap_ops, EOPNOTSUPP, "long bpf_sock_hash_update(struct bpf_sock_ops *skops, void *map, void *key, u64 flags)"),
	{80, "bpf_get_current_cgroup_id", release(6, 4), false, all_ops, 0},
	{81, "bpf_get_local_storage", release(4, 19), false, all_ops, 0},
	here(87, release(4, 20), false, all_ops, 0, "long bpf_map_push_elem(void *map, const void *value, u64 flags)"),
	here(88, release(4, 20), false, all_ops, 0, "long bpf_map_pop_elem(void *map, void *value)"),
	here(89, release(4, 20), false, all_ops, 0, "long bpf_map_peek_elem(void *map, void *value)"),
	here(93, release(5, 1), false, all_ops, 0, "long bpf_spin_lock(struct bpf_spin_lock *lock)"),
	here(94, release(5, 1), false, all_ops, 0, "long bpf_spin_unlock(struct bpf_spin_lock *lock)"),
	here(96, release(5, 3), false, all_ops, 0, "struct bpf_tcp_sock *bpf_tcp_sock(struct bpf_sock *sk)"),
	here(105, release(6, 1), false, all_ops, 0, "long bpf_strtol(const char *buf, unsigned long buf_len, u64 flags, long *res)"),
	here(106, release(6, 1), false, all_ops, 0, "long bpf_strtoul(const char *buf, unsigned long buf_len, u64 flags, unsigned long *res)"),
	here(107, release(5, 3), false, all_ops, 0, "void *bpf_sk_storage_get(void *map, void *sk, void *value, u64 flags)"),
	here(108, release(5, 3), false, all_ops, 0, "long bpf_sk_storage_delete(void *map, void *sk)"),
	{109, "bpf_send_signal", release(6, 16), false, all_ops, 0},
	here(112, release(5, 8), true, all_ops, 0, "long bpf_probe_read_user(void *dst, u32 size, const void *unsafe_ptr)"),
	here(113, release(5, 8), true, all_ops, 0, "long bpf_probe_read_kernel(void *dst, u32 size, const void *unsafe_ptr)"),
	here(114, release(5, 8), true, all_ops, 0, "long bpf_probe_read_user_str(void *dst, u32 size, const void *unsafe_ptr)"),
	here(115, release(5, 8), true, all_ops, 0, "long bpf_probe_read_kernel_str(void *dst, u32 size, const void *unsafe_ptr)"),
	{117, "bpf_send_signal_thread", release(6, 16), false, all_ops, 0},
	here(118, release(5, 6), false, all_ops, 0, "u64 bpf_jiffies64(void)"),
	here(120, release(6, 10), false, all_ops, 0, "long bpf_get_ns_current_pid_tgid(u64 dev, u64 ino, struct bpf_pidns_info *nsdata, u32 size)"),
	here(122, release(5, 15), false, all_ops, 0, "u64 bpf_get_netns_cookie(void *ctx)"),
	{123, "bpf_get_current_ancestor_cgroup_id", release(6, 4), false, all_ops, 0},
	here(125, release(5, 8), false, all_ops, 0, "u64 bpf_ktime_get_boot_ns(void)"),
	here(130, release(5, 8), false, all_ops, 0, "long bpf_ringbuf_output(void *ringbuf, void *data, u64 size, u64 flags)"),
	here(131, release(5, 8), false, all_ops, 0, "void *bpf_ringbuf_reserve(void *ringbuf, u64 size, u64 flags)"),
	here(132, release(5, 8), false, all_ops, 0, "void bpf_ringbuf_submit(void *data, u64 flags)"),
	here(133, release(5, 8), false, all_ops, 0, "void bpf_ringbuf_discard(void *data, u64 flags)"),
	here(134, release(5, 8), false, all_ops, 0, "u64 bpf_ringbuf_query(void *ringbuf, u64 flags)"),
	here(136, release(5, 10), false, all_ops, 0, "struct tcp6_sock *bpf_skc_to_tcp6_sock(void *sk)"),
	here(137, release(5, 10), false, all_ops, 0, "struct tcp_sock *bpf_skc_to_tcp_sock(void *sk)"),
	here(138, release(5, 10), false, all_ops, 0, "struct tcp_timewait_sock *bpf_skc_to_tcp_timewait_sock(void *sk)"),
	here(139, release(5, 10), false, all_ops, 0, "struct tcp_request_sock *bpf_skc_to_tcp_request_sock(void *sk)"),
	here(140, release(5, 10), false, all_ops, 0, "struct udp6_sock *bpf_skc_to_udp6_sock(void *sk)"),
	{141, "bpf_get_task_stack", release(6, 16), false, all_ops, 0},
	here(142, release(5, 10), false, locked_ops, EOPNOTSUPP, "long bpf_load_hdr_opt(struct bpf_sock_ops *skops, void *searchby_res, u32 len, u64 flags)"),
	here(143, release(5, 10), false, one_op(BPF_SOCK_OPS_WRITE_HDR_OPT_CB), EPERM, "long bpf_store_hdr_opt(struct bpf_sock_ops *skops, const void *from, u32 len, u64 flags)"),
	here(144, release(5, 10), false, one_op(BPF_SOCK_OPS_HDR_OPT_LEN_CB), EPERM, "long bpf_reserve_hdr_opt(struct bpf_sock_ops *skops, u32 len, u64 flags)"),
	{149, "bpf_snprintf_btf", release(5, 10), false, all_ops, 0},
	{153, "bpf_per_cpu_ptr", release(5, 10), false, all_ops, 0},
	{154, "bpf_this_cpu_ptr", release(5, 10), false, all_ops, 0},
	{156, "bpf_task_storage_get", release(6, 16), false, all_ops, 0},
	{157, "bpf_task_storage_delete", release(6, 16), false, all_ops, 0},
	{158, "bpf_get_current_task_btf", release(5, 15), true, all_ops, 0},
	here(160, release(5, 11), false, all_ops, 0, "u64 bpf_ktime_get_coarse_ns(void)"),
	here(164, release(5, 13), false, all_ops, 0, "long bpf_for_each_map_elem(void *map, void *callback_fn, void *callback_ctx, u64 flags)"),
	here(165, release(5, 13), true, all_ops, 0, "long bpf_snprintf(char *str, u32 str_size, const char *fmt, const void *data, u32 data_len)"),
	{169, "bpf_timer_init", release(5, 15), true, all_ops, 0},
	{170, "bpf_timer_set_callback", release(5, 15), true, all_ops, 0},
	{171, "bpf_timer_start", release(5, 15), true, all_ops, 0},
	{172, "bpf_timer_cancel", release(5, 15), true, all_ops, 0},
	{175, "bpf_task_pt_regs", release(5, 15), true, all_ops, 0},
	{176, "bpf_get_branch_snapshot", release(6, 16), true, all_ops, 0},
	here(177, release(5, 16), true, all_ops, 0, "long bpf_trace_vprintk(const char *fmt, u32 fmt_size, const void *data, u32 data_len)"),
	here(178, release(5, 16), false, all_ops, 0, "struct unix_sock *bpf_skc_to_unix_sock(void *sk)"),
	{180, "bpf_find_vma", release(6, 16), false, all_ops, 0},
	here(181, release(5, 17), false, all_ops, 0, "long bpf_loop(u32 nr_loops, void *callback_fn, void *callback_ctx, u64 flags)"),
	here(182, release(5, 17), false, all_ops, 0, "long bpf_strncmp(const char *s1, u32 s1_sz, const char *s2)"),
	{194, "bpf_kptr_xchg", release(5, 19), false, all_ops, 0},
	here(195, release(5, 19), false, all_ops, 0, "void *bpf_map_lookup_percpu_elem(void *map, const void *key, u32 cpu)"),
	here(196, release(5, 19), false, all_ops, 0, "struct mptcp_sock *bpf_skc_to_mptcp_sock(void *sk)"),
	here(197, release(5, 19), false, all_ops, 0, "long bpf_dynptr_from_mem(void *data, u32 size, u64 flags, struct bpf_dynptr *ptr)"),
	here(198, release(5, 19), false, all_ops, 0, "long bpf_ringbuf_reserve_dynptr(void *ringbuf, u32 size, u64 flags, struct bpf_dynptr *ptr)"),
	here(199, release(5, 19), false, all_ops, 0, "void bpf_ringbuf_submit_dynptr(struct bpf_dynptr *ptr, u64 flags)"),
	here(200, release(5, 19), false, all_ops, 0, "void bpf_ringbuf_discard_dynptr(struct bpf_dynptr *ptr, u64 flags)"),
	here(201, release(5, 19), false, all_ops, 0, "long bpf_dynptr_read(void *dst, u32 len, const struct bpf_dynptr *src, u32 offset, u64 flags)"),
	here(202, release(5, 19), false, all_ops, 0, "long bpf_dynptr_write(const struct bpf_dynptr *dst, u32 offset, const void *src, u32 len, u64 flags)"),
	here(203, release(5, 19), false, all_ops, 0, "void *bpf_dynptr_data(const struct bpf_dynptr *ptr, u32 offset, u32 len)"),
	here(208, release(6, 1), false, all_ops, 0, "u64 bpf_ktime_get_tai_ns(void)"),
	{209, "bpf_user_ringbuf_drain", release(6, 1), false, all_ops, 0},
	{210, "bpf_cgrp_storage_get", release(6, 2), false, all_ops, 0},
	{211, "bpf_cgrp_storage_delete", release(6, 2), false, all_ops, 0},
	{kfunc, "bpf_sock_ops_enable_tx_tstamp", release(6, 15), false, one_op(BPF_SOCK_OPS_TSTAMP_SENDMSG_CB), EOPNOTSUPP},
};
// clang-format on
} // namespace detail

/// In the order of their numbers, kfuncs last.
inline constexpr auto& bpf_helpers = detail::helpers;

/// The row of a number; nullptr if no SOCK_OPS program may call it.
constexpr const bpf_helper* find_helper(u32 id) noexcept {
	for (const bpf_helper& each : bpf_helpers)
		if (each.id == id && id != 0)
			return &each;
	return nullptr;
}
/// The row of a name, bpf_ included; nullptr if there is none.
constexpr const bpf_helper* find_helper(std::string_view name) noexcept {
	for (const bpf_helper& each : bpf_helpers)
		if (each.name == name)
			return &each;
	return nullptr;
}
/// Does the helper do its work in `op`?
constexpr bool helper_works_in(const bpf_helper& helper, u32 op) noexcept {
	return op < 32 && (helper.ops >> op & 1) != 0;
}

} // namespace sockops
