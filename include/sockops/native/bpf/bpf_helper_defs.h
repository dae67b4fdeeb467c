/* SPDX-License-Identifier: MIT */
/* The helpers as functions of a process. The names that a linker sees are others than those in C: libbpf has functions
 * of its own called bpf_map_lookup_elem() and the like. */
#ifndef SOCKOPS_NATIVE_BPF_HELPER_DEFS_H
#define SOCKOPS_NATIVE_BPF_HELPER_DEFS_H

struct bpf_dynptr;
struct bpf_sock;
struct bpf_sock_ops;
struct bpf_sock_ops_kern;
struct bpf_spin_lock;
struct bpf_tcp_sock;
struct tcp6_sock;
struct tcp_sock;
struct tcp_timewait_sock;
struct tcp_request_sock;
struct udp6_sock;
struct unix_sock;
struct mptcp_sock;

#define SOCKOPS_HELPER(name) __asm__("sockops_native_" #name)
/* The kernel's own types have members at places that only a kernel's BTF tells. */
#define SOCKOPS_NO_HELPER(name)                                                                              \
	__attribute__((error(#name "() leads to the kernel's types, by CO-RE: run this program as bpf_object, "  \
							   "not natively")))

/* Maps. */
void *bpf_map_lookup_elem(void *map, const void *key) SOCKOPS_HELPER(bpf_map_lookup_elem);
long bpf_map_update_elem(void *map, const void *key, const void *value, __u64 flags)
	SOCKOPS_HELPER(bpf_map_update_elem);
long bpf_map_delete_elem(void *map, const void *key) SOCKOPS_HELPER(bpf_map_delete_elem);
void *bpf_map_lookup_percpu_elem(void *map, const void *key, __u32 cpu)
	SOCKOPS_HELPER(bpf_map_lookup_percpu_elem);
long bpf_for_each_map_elem(void *map, void *callback_fn, void *callback_ctx, __u64 flags)
	SOCKOPS_HELPER(bpf_for_each_map_elem);
long bpf_spin_lock(struct bpf_spin_lock *lock) SOCKOPS_HELPER(bpf_spin_lock);
long bpf_spin_unlock(struct bpf_spin_lock *lock) SOCKOPS_HELPER(bpf_spin_unlock);
void *bpf_sk_storage_get(void *map, void *sk, void *value, __u64 flags) SOCKOPS_HELPER(bpf_sk_storage_get);
long bpf_sk_storage_delete(void *map, void *sk) SOCKOPS_HELPER(bpf_sk_storage_delete);
long bpf_sock_map_update(struct bpf_sock_ops *skops, void *map, void *key, __u64 flags)
	SOCKOPS_HELPER(bpf_sock_map_update);
long bpf_sock_hash_update(struct bpf_sock_ops *skops, void *map, void *key, __u64 flags)
	SOCKOPS_HELPER(bpf_sock_hash_update);

/* Records. */
long bpf_perf_event_output(void *ctx, void *map, __u64 flags, void *data, __u64 size)
	SOCKOPS_HELPER(bpf_perf_event_output);
long bpf_ringbuf_output(void *ringbuf, void *data, __u64 size, __u64 flags) SOCKOPS_HELPER(bpf_ringbuf_output);
void *bpf_ringbuf_reserve(void *ringbuf, __u64 size, __u64 flags) SOCKOPS_HELPER(bpf_ringbuf_reserve);
void bpf_ringbuf_submit(void *data, __u64 flags) SOCKOPS_HELPER(bpf_ringbuf_submit);
void bpf_ringbuf_discard(void *data, __u64 flags) SOCKOPS_HELPER(bpf_ringbuf_discard);
__u64 bpf_ringbuf_query(void *ringbuf, __u64 flags) SOCKOPS_HELPER(bpf_ringbuf_query);

/* Memory whose size is known at run time alone. */
long bpf_dynptr_from_mem(void *data, __u32 size, __u64 flags, struct bpf_dynptr *ptr)
	SOCKOPS_HELPER(bpf_dynptr_from_mem);
long bpf_dynptr_read(void *dst, __u32 len, const struct bpf_dynptr *src, __u32 offset, __u64 flags)
	SOCKOPS_HELPER(bpf_dynptr_read);
long bpf_dynptr_write(const struct bpf_dynptr *dst, __u32 offset, const void *src, __u32 len, __u64 flags)
	SOCKOPS_HELPER(bpf_dynptr_write);
void *bpf_dynptr_data(const struct bpf_dynptr *ptr, __u32 offset, __u32 len) SOCKOPS_HELPER(bpf_dynptr_data);
long bpf_ringbuf_reserve_dynptr(void *ringbuf, __u32 size, __u64 flags, struct bpf_dynptr *ptr)
	SOCKOPS_HELPER(bpf_ringbuf_reserve_dynptr);
void bpf_ringbuf_submit_dynptr(struct bpf_dynptr *ptr, __u64 flags) SOCKOPS_HELPER(bpf_ringbuf_submit_dynptr);
void bpf_ringbuf_discard_dynptr(struct bpf_dynptr *ptr, __u64 flags) SOCKOPS_HELPER(bpf_ringbuf_discard_dynptr);

/* The socket of the call. */
__u64 bpf_get_socket_cookie(void *ctx) SOCKOPS_HELPER(bpf_get_socket_cookie);
__u64 bpf_get_netns_cookie(void *ctx) SOCKOPS_HELPER(bpf_get_netns_cookie);
long bpf_setsockopt(void *bpf_socket, int level, int optname, void *optval, int optlen)
	SOCKOPS_HELPER(bpf_setsockopt);
long bpf_getsockopt(void *bpf_socket, int level, int optname, void *optval, int optlen)
	SOCKOPS_HELPER(bpf_getsockopt);
long bpf_sock_ops_cb_flags_set(struct bpf_sock_ops *skops, int argval)
	SOCKOPS_HELPER(bpf_sock_ops_cb_flags_set);
long bpf_load_hdr_opt(struct bpf_sock_ops *skops, void *searchby_res, __u32 len, __u64 flags)
	SOCKOPS_HELPER(bpf_load_hdr_opt);
long bpf_store_hdr_opt(struct bpf_sock_ops *skops, const void *from, __u32 len, __u64 flags)
	SOCKOPS_HELPER(bpf_store_hdr_opt);
long bpf_reserve_hdr_opt(struct bpf_sock_ops *skops, __u32 len, __u64 flags)
	SOCKOPS_HELPER(bpf_reserve_hdr_opt);
struct bpf_tcp_sock *bpf_tcp_sock(struct bpf_sock *sk) SOCKOPS_HELPER(bpf_tcp_sock);

/* Time, chance, the processor and the process. */
__u64 bpf_ktime_get_ns(void) SOCKOPS_HELPER(bpf_ktime_get_ns);
__u64 bpf_ktime_get_boot_ns(void) SOCKOPS_HELPER(bpf_ktime_get_boot_ns);
__u64 bpf_ktime_get_tai_ns(void) SOCKOPS_HELPER(bpf_ktime_get_tai_ns);
__u64 bpf_ktime_get_coarse_ns(void) SOCKOPS_HELPER(bpf_ktime_get_coarse_ns);
__u64 bpf_jiffies64(void) SOCKOPS_HELPER(bpf_jiffies64);
__u32 bpf_get_prandom_u32(void) SOCKOPS_HELPER(bpf_get_prandom_u32);
__u32 bpf_get_smp_processor_id(void) SOCKOPS_HELPER(bpf_get_smp_processor_id);
long bpf_get_numa_node_id(void) SOCKOPS_HELPER(bpf_get_numa_node_id);
__u64 bpf_get_current_pid_tgid(void) SOCKOPS_HELPER(bpf_get_current_pid_tgid);
__u64 bpf_get_current_uid_gid(void) SOCKOPS_HELPER(bpf_get_current_uid_gid);
long bpf_get_current_comm(void *buf, __u32 size_of_buf) SOCKOPS_HELPER(bpf_get_current_comm);

/* Control: bpf_tail_call() comes back only if there is no program to go to. */
long bpf_tail_call(void *ctx, void *prog_array_map, __u32 index) SOCKOPS_HELPER(bpf_tail_call);
long bpf_loop(__u32 nr_loops, void *callback_fn, void *callback_ctx, __u64 flags) SOCKOPS_HELPER(bpf_loop);

/* Texts and bytes. */
long bpf_trace_vprintk(const char *fmt, __u32 fmt_size, const void *data, __u32 data_len)
	SOCKOPS_HELPER(bpf_trace_vprintk);
long bpf_snprintf(char *str, __u32 str_size, const char *fmt, const void *data, __u32 data_len)
	SOCKOPS_HELPER(bpf_snprintf);
long bpf_strtol(const char *buf, unsigned long buf_len, __u64 flags, long *res) SOCKOPS_HELPER(bpf_strtol);
long bpf_strtoul(const char *buf, unsigned long buf_len, __u64 flags, unsigned long *res)
	SOCKOPS_HELPER(bpf_strtoul);
long bpf_strncmp(const char *s1, __u32 s1_sz, const char *s2) SOCKOPS_HELPER(bpf_strncmp);
long bpf_probe_read_kernel(void *dst, __u32 size, const void *unsafe_ptr) SOCKOPS_HELPER(bpf_probe_read_kernel);
long bpf_probe_read_kernel_str(void *dst, __u32 size, const void *unsafe_ptr)
	SOCKOPS_HELPER(bpf_probe_read_kernel_str);
long bpf_probe_read_user(void *dst, __u32 size, const void *unsafe_ptr) SOCKOPS_HELPER(bpf_probe_read_user);
long bpf_probe_read_user_str(void *dst, __u32 size, const void *unsafe_ptr) SOCKOPS_HELPER(bpf_probe_read_user_str);

struct tcp_sock *bpf_skc_to_tcp_sock(void *sk) SOCKOPS_NO_HELPER(bpf_skc_to_tcp_sock);
struct tcp6_sock *bpf_skc_to_tcp6_sock(void *sk) SOCKOPS_NO_HELPER(bpf_skc_to_tcp6_sock);
struct tcp_timewait_sock *bpf_skc_to_tcp_timewait_sock(void *sk) SOCKOPS_NO_HELPER(bpf_skc_to_tcp_timewait_sock);
struct tcp_request_sock *bpf_skc_to_tcp_request_sock(void *sk) SOCKOPS_NO_HELPER(bpf_skc_to_tcp_request_sock);
struct udp6_sock *bpf_skc_to_udp6_sock(void *sk) SOCKOPS_NO_HELPER(bpf_skc_to_udp6_sock);
struct unix_sock *bpf_skc_to_unix_sock(void *sk) SOCKOPS_NO_HELPER(bpf_skc_to_unix_sock);
struct mptcp_sock *bpf_skc_to_mptcp_sock(void *sk) SOCKOPS_NO_HELPER(bpf_skc_to_mptcp_sock);

#endif
