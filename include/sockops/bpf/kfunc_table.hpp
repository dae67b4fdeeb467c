// SPDX-License-Identifier: MIT
// The kfuncs: functions of the kernel that programs call by name. For each that Linux 6.18 has (x86_64, the
// configuration of a server) what it answers to a SOCK_OPS program that calls it, and, of those that such a
// program may call, the prototype if it is here, or the reason why it is not. The types that objects are
// relocated against, the interpreter and the messages go by it; a test asks the machine's kernel. Since when
// there is each is what docs.ebpf.io says of it (the page of a kfunc).
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <string_view>

#include <sockops/bpf/c_prototype.hpp>
#include <sockops/bpf/uapi.hpp>

namespace sockops {

/// What 6.18's verifier says to a SOCK_OPS program.
enum class kfunc_use : u8 {
	callable,
	may_sleep,  ///< for programs that may sleep, which a SOCK_OPS program never may
	not_allowed ///< for programs of other types, or of no type
};

struct bpf_kfunc {
	std::string_view name;
	kfunc_use use;
	kernel_release since;       ///< 0: by 6.18, since when has not been established
	std::string_view prototype; ///< in C, as the kernel declares it; "": it is not here
	std::string_view why_not;   ///< of one that is not here
};

namespace detail {

constexpr bpf_kfunc here(kernel_release since, std::string_view prototype) {
	return {parse_prototype(prototype).self.name, kfunc_use::callable, since, prototype, {}};
}
constexpr bpf_kfunc not_here(std::string_view name, std::string_view why_not) {
	return {name, kfunc_use::callable, 0, {}, why_not};
}
constexpr bpf_kfunc sleeps(std::string_view name) {
	return {name, kfunc_use::may_sleep, 0, {}, "it may sleep, which no SOCK_OPS program may"};
}

inline constexpr std::string_view no_tasks = "there are no tasks of a kernel under a simulated socket",
								  no_cgroup_pointers = "a program gets no pointer to a cgroup here",
								  no_objects = "objects that programs allocate are not modelled",
								  no_keys = "there are no keyrings of a kernel here",
								  no_queues = "there are no work queues of a kernel here",
								  no_resilient_locks = "maps with a bpf_res_spin_lock are not modelled";

// clang-format off
inline constexpr bpf_kfunc kfuncs[] = {
	here(release(6, 2), "void *bpf_cast_to_kern_ctx(void *obj)"),
	here(release(6, 2), "void *bpf_rdonly_cast(const void *obj__ign, u32 btf_id__k)"),
	here(release(6, 2), "void bpf_rcu_read_lock(void)"),
	here(release(6, 2), "void bpf_rcu_read_unlock(void)"),
	here(release(6, 10), "void bpf_preempt_disable(void)"),
	here(release(6, 10), "void bpf_preempt_enable(void)"),
	here(release(6, 14), "void bpf_local_irq_save(unsigned long *flags__irq_flag)"),
	here(release(6, 14), "void bpf_local_irq_restore(unsigned long *flags__irq_flag)"),
	here(release(6, 15), "int bpf_sock_ops_enable_tx_tstamp(struct bpf_sock_ops_kern *skops, u64 flags)"),
	here(release(6, 6), "s64 bpf_map_sum_elem_count(const struct bpf_map *map)"),

	here(release(6, 4), "int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end)"),
	here(release(6, 4), "int *bpf_iter_num_next(struct bpf_iter_num *it)"),
	here(release(6, 4), "void bpf_iter_num_destroy(struct bpf_iter_num *it)"),
	here(release(6, 11), "int bpf_iter_bits_new(struct bpf_iter_bits *it, const u64 *unsafe_ptr__ign, u32 nr_words)"),
	here(release(6, 11), "int *bpf_iter_bits_next(struct bpf_iter_bits *it)"),
	here(release(6, 11), "void bpf_iter_bits_destroy(struct bpf_iter_bits *it)"),

	here(release(6, 4), "void *bpf_dynptr_slice(const struct bpf_dynptr *p, u32 offset, void *buffer__opt, u32 buffer__szk)"),
	here(release(6, 5), "int bpf_dynptr_adjust(const struct bpf_dynptr *p, u32 start, u32 end)"),
	here(release(6, 5), "bool bpf_dynptr_is_null(const struct bpf_dynptr *p)"),
	here(release(6, 5), "bool bpf_dynptr_is_rdonly(const struct bpf_dynptr *p)"),
	here(release(6, 5), "u32 bpf_dynptr_size(const struct bpf_dynptr *p)"),
	here(release(6, 5), "int bpf_dynptr_clone(const struct bpf_dynptr *p, struct bpf_dynptr *clone__uninit)"),
	here(release(6, 15), "int bpf_dynptr_copy(struct bpf_dynptr *dst_ptr, u32 dst_off, struct bpf_dynptr *src_ptr, u32 src_off, u32 size)"),
	here(release(6, 17), "int bpf_dynptr_memset(struct bpf_dynptr *p, u32 offset, u32 size, u8 val)"),
	here(release(6, 16), "int bpf_probe_read_kernel_dynptr(struct bpf_dynptr *dptr, u32 off, u32 size, const void *unsafe_ptr__ign)"),
	here(release(6, 16), "int bpf_probe_read_kernel_str_dynptr(struct bpf_dynptr *dptr, u32 off, u32 size, const void *unsafe_ptr__ign)"),
	here(release(6, 16), "int bpf_probe_read_user_dynptr(struct bpf_dynptr *dptr, u32 off, u32 size, const void *unsafe_ptr__ign)"),
	here(release(6, 16), "int bpf_probe_read_user_str_dynptr(struct bpf_dynptr *dptr, u32 off, u32 size, const void *unsafe_ptr__ign)"),

	here(release(6, 17), "int bpf_strcmp(const char *s1__ign, const char *s2__ign)"),
	here(release(6, 18), "int bpf_strcasecmp(const char *s1__ign, const char *s2__ign)"),
	here(release(6, 17), "int bpf_strchr(const char *s__ign, char c)"),
	here(release(6, 17), "int bpf_strchrnul(const char *s__ign, char c)"),
	here(release(6, 17), "int bpf_strnchr(const char *s__ign, unsigned long count, char c)"),
	here(release(6, 17), "int bpf_strrchr(const char *s__ign, int c)"),
	here(release(6, 17), "int bpf_strlen(const char *s__ign)"),
	here(release(6, 17), "int bpf_strnlen(const char *s__ign, unsigned long count)"),
	here(release(6, 17), "int bpf_strspn(const char *s__ign, const char *accept__ign)"),
	here(release(6, 17), "int bpf_strcspn(const char *s__ign, const char *reject__ign)"),
	here(release(6, 17), "int bpf_strstr(const char *s1__ign, const char *s2__ign)"),
	here(release(6, 17), "int bpf_strnstr(const char *s1__ign, const char *s2__ign, unsigned long len)"),

	not_here("bpf_throw", "exceptions are not modelled; return instead"),
	not_here("bpf_stream_vprintk_impl", "streams of programs are read by bpf(2) of a kernel; bpf_printk() is here"),
	not_here("bpf_get_kmem_cache", "there are no slab caches of a kernel here"),
	not_here("bpf_modify_return_test_tp", "it is a self-test of the kernel"),
	not_here("bpf_dynptr_slice_rdwr", "it may write to packets, which no SOCK_OPS program may; bpf_dynptr_data() does not"),
	not_here("bpf_dynptr_from_skb", "it takes a struct __sk_buff, which no SOCK_OPS program has"),
	not_here("bpf_sock_addr_set_sun_path", "it takes a struct bpf_sock_addr_kern, which no SOCK_OPS program has"),

	not_here("bpf_cgroup_acquire", no_cgroup_pointers),
	not_here("bpf_cgroup_ancestor", no_cgroup_pointers),
	not_here("bpf_cgroup_from_id", no_cgroup_pointers),
	not_here("bpf_cgroup_read_xattr", no_cgroup_pointers),
	not_here("bpf_cgroup_release", no_cgroup_pointers),
	not_here("bpf_iter_css_destroy", no_cgroup_pointers),
	not_here("bpf_iter_css_new", no_cgroup_pointers),
	not_here("bpf_iter_css_next", no_cgroup_pointers),
	not_here("bpf_iter_css_task_destroy", no_tasks),
	not_here("bpf_iter_css_task_new", no_tasks),
	not_here("bpf_iter_css_task_next", no_tasks),
	not_here("bpf_iter_task_destroy", no_tasks),
	not_here("bpf_iter_task_new", no_tasks),
	not_here("bpf_iter_task_next", no_tasks),
	not_here("bpf_iter_task_vma_destroy", no_tasks),
	not_here("bpf_iter_task_vma_new", no_tasks),
	not_here("bpf_iter_task_vma_next", no_tasks),
	not_here("bpf_send_signal_task", no_tasks),
	not_here("bpf_task_acquire", no_tasks),
	not_here("bpf_task_from_pid", no_tasks),
	not_here("bpf_task_from_vpid", no_tasks),
	not_here("bpf_task_get_cgroup1", no_tasks),
	not_here("bpf_task_release", no_tasks),
	not_here("bpf_task_under_cgroup", no_tasks),
	not_here("bpf_task_work_schedule_resume_impl", no_tasks),
	not_here("bpf_task_work_schedule_signal_impl", no_tasks),

	not_here("bpf_list_back", no_objects),
	not_here("bpf_list_front", no_objects),
	not_here("bpf_list_pop_back", no_objects),
	not_here("bpf_list_pop_front", no_objects),
	not_here("bpf_list_push_back_impl", no_objects),
	not_here("bpf_list_push_front_impl", no_objects),
	not_here("bpf_obj_drop_impl", no_objects),
	not_here("bpf_obj_new_impl", no_objects),
	not_here("bpf_percpu_obj_drop_impl", no_objects),
	not_here("bpf_percpu_obj_new_impl", no_objects),
	not_here("bpf_rbtree_add_impl", no_objects),
	not_here("bpf_rbtree_first", no_objects),
	not_here("bpf_rbtree_left", no_objects),
	not_here("bpf_rbtree_remove", no_objects),
	not_here("bpf_rbtree_right", no_objects),
	not_here("bpf_rbtree_root", no_objects),
	not_here("bpf_refcount_acquire_impl", no_objects),
	not_here("bpf_key_put", no_keys),
	not_here("bpf_lookup_system_key", no_keys),
	not_here("bpf_res_spin_lock", no_resilient_locks),
	not_here("bpf_res_spin_lock_irqsave", no_resilient_locks),
	not_here("bpf_res_spin_unlock", no_resilient_locks),
	not_here("bpf_res_spin_unlock_irqrestore", no_resilient_locks),
	not_here("bpf_wq_init", no_queues),
	not_here("bpf_wq_set_callback_impl", no_queues),
	not_here("bpf_wq_start", no_queues),

	sleeps("bpf_arena_alloc_pages"),
	sleeps("bpf_arena_free_pages"),
	sleeps("bpf_arena_reserve_pages"),
	sleeps("bpf_copy_from_user_dynptr"),
	sleeps("bpf_copy_from_user_str"),
	sleeps("bpf_copy_from_user_str_dynptr"),
	sleeps("bpf_copy_from_user_task_dynptr"),
	sleeps("bpf_copy_from_user_task_str"),
	sleeps("bpf_copy_from_user_task_str_dynptr"),
	sleeps("bpf_iter_dmabuf_destroy"),
	sleeps("bpf_iter_dmabuf_new"),
	sleeps("bpf_iter_dmabuf_next"),
	sleeps("bpf_iter_kmem_cache_destroy"),
	sleeps("bpf_iter_kmem_cache_new"),
	sleeps("bpf_iter_kmem_cache_next"),
	sleeps("bpf_lookup_user_key"),
};

/// Those of programs of other types, and what only a compiler calls (__bpf_trap()).
inline constexpr std::string_view kfuncs_of_others[] = {
	"__bpf_trap",
	"bbr_cwnd_event", "bbr_init", "bbr_main", "bbr_min_tso_segs", "bbr_set_state", "bbr_sndbuf_expand",
	"bbr_ssthresh", "bbr_undo_cwnd", "bpf_cpumask_acquire", "bpf_cpumask_and",
	"bpf_cpumask_any_and_distribute", "bpf_cpumask_any_distribute", "bpf_cpumask_clear",
	"bpf_cpumask_clear_cpu", "bpf_cpumask_copy", "bpf_cpumask_create", "bpf_cpumask_empty",
	"bpf_cpumask_equal", "bpf_cpumask_first", "bpf_cpumask_first_and", "bpf_cpumask_first_zero",
	"bpf_cpumask_full", "bpf_cpumask_intersects", "bpf_cpumask_or", "bpf_cpumask_populate",
	"bpf_cpumask_release", "bpf_cpumask_set_cpu", "bpf_cpumask_setall", "bpf_cpumask_subset",
	"bpf_cpumask_test_and_clear_cpu", "bpf_cpumask_test_and_set_cpu", "bpf_cpumask_test_cpu",
	"bpf_cpumask_weight", "bpf_cpumask_xor", "bpf_crypto_ctx_acquire", "bpf_crypto_ctx_create",
	"bpf_crypto_ctx_release", "bpf_crypto_decrypt", "bpf_crypto_encrypt", "bpf_ct_change_status",
	"bpf_ct_change_timeout", "bpf_ct_insert_entry", "bpf_ct_release", "bpf_ct_set_nat_info",
	"bpf_ct_set_status", "bpf_ct_set_timeout", "bpf_dynptr_from_skb_meta", "bpf_dynptr_from_xdp",
	"bpf_fentry_test1", "bpf_get_dentry_xattr", "bpf_get_file_xattr", "bpf_get_task_exe_file",
	"bpf_kfunc_call_memb_release", "bpf_kfunc_call_test_release", "bpf_modify_return_test",
	"bpf_modify_return_test2", "bpf_path_d_path", "bpf_put_file", "bpf_remove_dentry_xattr",
	"bpf_session_cookie", "bpf_session_is_return", "bpf_set_dentry_xattr", "bpf_sk_assign_tcp_reqsk",
	"bpf_skb_ct_alloc", "bpf_skb_ct_lookup", "bpf_sock_destroy", "bpf_xdp_ct_alloc", "bpf_xdp_ct_lookup",
	"bpf_xdp_get_xfrm_state", "bpf_xdp_metadata_rx_hash", "bpf_xdp_metadata_rx_timestamp",
	"bpf_xdp_metadata_rx_vlan_tag", "bpf_xdp_pull_data", "bpf_xdp_xfrm_state_release", "css_rstat_flush",
	"css_rstat_updated", "cubictcp_acked", "cubictcp_cong_avoid", "cubictcp_cwnd_event", "cubictcp_init",
	"cubictcp_recalc_ssthresh", "cubictcp_state", "tcp_cong_avoid_ai", "tcp_reno_cong_avoid",
	"tcp_reno_ssthresh", "tcp_reno_undo_cwnd", "tcp_slow_start",
};
// clang-format on
} // namespace detail

/// Those that a SOCK_OPS program may call, or might if it could sleep.
inline constexpr auto& bpf_kfuncs = detail::kfuncs;
/// The names of all others.
inline constexpr auto& bpf_kfuncs_of_others = detail::kfuncs_of_others;

/// nullptr: no SOCK_OPS program may call it, or there is none.
constexpr const bpf_kfunc* find_bpf_kfunc(std::string_view name) noexcept {
	for (const bpf_kfunc& each : bpf_kfuncs)
		if (each.name == name)
			return &each;
	return nullptr;
}

/// Does the kernel have it, for programs of other types?
constexpr bool is_kfunc_of_others(std::string_view name) noexcept {
	for (const std::string_view each : bpf_kfuncs_of_others)
		if (each == name)
			return true;
	return false;
}

} // namespace sockops
