// SPDX-License-Identifier: MIT
// A program that is made for several releases asks what there is; by its definitions, one that does not.
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#if defined RECORDS
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

SEC("sockops")
int tells(struct bpf_sock_ops *skops) {
	__u32 op = skops->op;
	bpf_ringbuf_output(&records, &op, sizeof(op), 0);
	return 1;
}
#elif defined CLONED
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, __u32);
} since SEC(".maps");

SEC("sockops")
int keeps(struct bpf_sock_ops *skops) {
	struct bpf_sock *sk = skops->sk;
	if (sk)
		bpf_sk_storage_get(&since, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	return 1;
}
#elif defined PLAIN /* for the first release, too */
SEC("sockops")
int answers(struct bpf_sock_ops *skops) {
	skops->reply = skops->op;
	return 1;
}
#elif defined UNGUARDED
SEC("sockops")
int looks(struct bpf_sock_ops *skops) {
	__u8 option[4] = {254, 4, 0xeb, 0x9f};
	return bpf_load_hdr_opt(skops, option, sizeof(option), 0) < 0;
}
#else
extern unsigned LINUX_KERNEL_VERSION __kconfig;

struct bpf_iter_num {
	__u64 __opaque[1];
} __attribute__((aligned(8)));
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym __weak;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym __weak;

__u32 version, length, option_error, has_ringbuf, has_pid, iterators;

SEC("sockops")
int asks(struct bpf_sock_ops *skops) {
	__u8 option[4] = {254, 4, 0xeb, 0x9f};
	version = LINUX_KERNEL_VERSION;
	if (bpf_core_field_exists(skops->skb_len))
		length = 1 + skops->skb_len;
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_load_hdr_opt))
		option_error = -bpf_load_hdr_opt(skops, option, sizeof(option), 0);
	/* for programs of other types since 4.2 */
	has_pid = bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_pid_tgid);
	has_ringbuf = bpf_core_enum_value_exists(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF);
	if (bpf_iter_num_new) {
		struct bpf_iter_num it;
		iterators = 1 + bpf_iter_num_new(&it, 0, 1);
		bpf_iter_num_destroy(&it);
	}
	return 1;
}
#endif
