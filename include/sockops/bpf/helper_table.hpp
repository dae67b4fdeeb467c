// SPDX-License-Identifier: MIT
// The helpers that a SOCK_OPS program may call in 6.18, with every capability: number, name, since
// when, and in which ops each is of use. A checker and an interpreter of programs go by it; what a
// helper answers is its own affair, and the rest of this table is held against both.
#pragma once

#include <cerrno>
#include <string_view>

#include <sockops/bpf/uapi.hpp>

namespace sockops {

struct bpf_helper {
	u8 id; ///< enum bpf_func_id; 0: a kfunc, which has no number
	std::string_view name;
	kernel_release since; ///< for SOCK_OPS programs; 0: by 6.18, since when has not been established
	bool gpl_only;        ///< only for programs with a licence compatible with the GPL
	u32 ops;              ///< bit 1 << op: it does its work there
	u8 elsewhere;         ///< and in other ops answers minus this
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

// clang-format off
inline constexpr bpf_helper helpers[] = {
	{1, "bpf_map_lookup_elem", release(4, 13), false, all_ops, 0},
	{2, "bpf_map_update_elem", release(4, 13), false, all_ops, 0},
	{3, "bpf_map_delete_elem", release(4, 13), false, all_ops, 0},
	{5, "bpf_ktime_get_ns", release(4, 13), false, all_ops, 0},
	{6, "bpf_trace_printk", release(4, 13), true, all_ops, 0},
	{7, "bpf_get_prandom_u32", release(4, 13), false, all_ops, 0},
	{8, "bpf_get_smp_processor_id", release(4, 13), false, all_ops, 0},
	{12, "bpf_tail_call", release(4, 13), false, all_ops, 0},
	{14, "bpf_get_current_pid_tgid", not_known, false, all_ops, 0},
	{15, "bpf_get_current_uid_gid", not_known, false, all_ops, 0},
	{16, "bpf_get_current_comm", not_known, false, all_ops, 0},
	{17, "bpf_get_cgroup_classid", not_known, false, all_ops, 0},
	{22, "bpf_perf_event_read", not_known, true, all_ops, 0},
	{25, "bpf_perf_event_output", not_known, true, all_ops, 0},
	{35, "bpf_get_current_task", not_known, true, all_ops, 0},
	{37, "bpf_current_task_under_cgroup", not_known, false, all_ops, 0},
	{42, "bpf_get_numa_node_id", not_known, false, all_ops, 0},
	{46, "bpf_get_socket_cookie", release(4, 19), false, all_ops, 0},
	{49, "bpf_setsockopt", release(4, 13), false, locked_ops, EOPNOTSUPP},
	{53, "bpf_sock_map_update", release(4, 14), false, sockmap_ops, EOPNOTSUPP},
	{55, "bpf_perf_event_read_value", not_known, true, all_ops, 0},
	{57, "bpf_getsockopt", release(4, 15), false, locked_ops, EOPNOTSUPP},
	{59, "bpf_sock_ops_cb_flags_set", release(4, 16), false, locked_ops, EOPNOTSUPP},
	{70, "bpf_sock_hash_update", release(4, 18), false, sockmap_ops, EOPNOTSUPP},
	{80, "bpf_get_current_cgroup_id", not_known, false, all_ops, 0},
	{81, "bpf_get_local_storage", release(4, 19), false, all_ops, 0},
	{87, "bpf_map_push_elem", release(4, 20), false, all_ops, 0},
	{88, "bpf_map_pop_elem", release(4, 20), false, all_ops, 0},
	{89, "bpf_map_peek_elem", release(4, 20), false, all_ops, 0},
	{93, "bpf_spin_lock", release(5, 1), false, all_ops, 0},
	{94, "bpf_spin_unlock", release(5, 1), false, all_ops, 0},
	{96, "bpf_tcp_sock", release(5, 3), false, all_ops, 0},
	{105, "bpf_strtol", not_known, false, all_ops, 0},
	{106, "bpf_strtoul", not_known, false, all_ops, 0},
	{107, "bpf_sk_storage_get", release(5, 3), false, all_ops, 0},
	{108, "bpf_sk_storage_delete", release(5, 3), false, all_ops, 0},
	{109, "bpf_send_signal", not_known, false, all_ops, 0},
	{112, "bpf_probe_read_user", not_known, true, all_ops, 0},
	{113, "bpf_probe_read_kernel", not_known, true, all_ops, 0},
	{114, "bpf_probe_read_user_str", not_known, true, all_ops, 0},
	{115, "bpf_probe_read_kernel_str", not_known, true, all_ops, 0},
	{117, "bpf_send_signal_thread", not_known, false, all_ops, 0},
	{118, "bpf_jiffies64", release(5, 6), false, all_ops, 0},
	{120, "bpf_get_ns_current_pid_tgid", not_known, false, all_ops, 0},
	{122, "bpf_get_netns_cookie", not_known, false, all_ops, 0},
	{123, "bpf_get_current_ancestor_cgroup_id", not_known, false, all_ops, 0},
	{125, "bpf_ktime_get_boot_ns", release(5, 8), false, all_ops, 0},
	{130, "bpf_ringbuf_output", release(5, 8), false, all_ops, 0},
	{131, "bpf_ringbuf_reserve", release(5, 8), false, all_ops, 0},
	{132, "bpf_ringbuf_submit", release(5, 8), false, all_ops, 0},
	{133, "bpf_ringbuf_discard", release(5, 8), false, all_ops, 0},
	{134, "bpf_ringbuf_query", release(5, 8), false, all_ops, 0},
	{136, "bpf_skc_to_tcp6_sock", not_known, false, all_ops, 0},
	{137, "bpf_skc_to_tcp_sock", not_known, false, all_ops, 0},
	{138, "bpf_skc_to_tcp_timewait_sock", not_known, false, all_ops, 0},
	{139, "bpf_skc_to_tcp_request_sock", not_known, false, all_ops, 0},
	{140, "bpf_skc_to_udp6_sock", not_known, false, all_ops, 0},
	{141, "bpf_get_task_stack", not_known, false, all_ops, 0},
	{142, "bpf_load_hdr_opt", release(5, 10), false, locked_ops, EOPNOTSUPP},
	{143, "bpf_store_hdr_opt", release(5, 10), false, one_op(BPF_SOCK_OPS_WRITE_HDR_OPT_CB), EPERM},
	{144, "bpf_reserve_hdr_opt", release(5, 10), false, one_op(BPF_SOCK_OPS_HDR_OPT_LEN_CB), EPERM},
	{149, "bpf_snprintf_btf", not_known, false, all_ops, 0},
	{153, "bpf_per_cpu_ptr", release(5, 10), false, all_ops, 0},
	{154, "bpf_this_cpu_ptr", release(5, 10), false, all_ops, 0},
	{156, "bpf_task_storage_get", not_known, false, all_ops, 0},
	{157, "bpf_task_storage_delete", not_known, false, all_ops, 0},
	{158, "bpf_get_current_task_btf", not_known, true, all_ops, 0},
	{160, "bpf_ktime_get_coarse_ns", not_known, false, all_ops, 0},
	{164, "bpf_for_each_map_elem", release(5, 13), false, all_ops, 0},
	{165, "bpf_snprintf", release(5, 13), true, all_ops, 0},
	{169, "bpf_timer_init", release(5, 15), true, all_ops, 0},
	{170, "bpf_timer_set_callback", release(5, 15), true, all_ops, 0},
	{171, "bpf_timer_start", release(5, 15), true, all_ops, 0},
	{172, "bpf_timer_cancel", release(5, 15), true, all_ops, 0},
	{175, "bpf_task_pt_regs", not_known, true, all_ops, 0},
	{176, "bpf_get_branch_snapshot", not_known, true, all_ops, 0},
	{177, "bpf_trace_vprintk", release(5, 16), true, all_ops, 0},
	{178, "bpf_skc_to_unix_sock", not_known, false, all_ops, 0},
	{180, "bpf_find_vma", not_known, false, all_ops, 0},
	{181, "bpf_loop", release(5, 17), false, all_ops, 0},
	{182, "bpf_strncmp", release(5, 17), false, all_ops, 0},
	{194, "bpf_kptr_xchg", release(5, 19), false, all_ops, 0},
	{195, "bpf_map_lookup_percpu_elem", release(5, 19), false, all_ops, 0},
	{196, "bpf_skc_to_mptcp_sock", not_known, false, all_ops, 0},
	{197, "bpf_dynptr_from_mem", release(5, 19), false, all_ops, 0},
	{198, "bpf_ringbuf_reserve_dynptr", release(5, 19), false, all_ops, 0},
	{199, "bpf_ringbuf_submit_dynptr", release(5, 19), false, all_ops, 0},
	{200, "bpf_ringbuf_discard_dynptr", release(5, 19), false, all_ops, 0},
	{201, "bpf_dynptr_read", release(5, 19), false, all_ops, 0},
	{202, "bpf_dynptr_write", release(5, 19), false, all_ops, 0},
	{203, "bpf_dynptr_data", release(5, 19), false, all_ops, 0},
	{208, "bpf_ktime_get_tai_ns", release(6, 1), false, all_ops, 0},
	{209, "bpf_user_ringbuf_drain", release(6, 1), false, all_ops, 0},
	{210, "bpf_cgrp_storage_get", not_known, false, all_ops, 0},
	{211, "bpf_cgrp_storage_delete", not_known, false, all_ops, 0},
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
