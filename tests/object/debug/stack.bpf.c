// SPDX-License-Identifier: MIT
// Variables on the stack of every kind: what each call is given of them is known by the order of the calls.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct place {
	__u32 address;
	__u16 port;
};
typedef const volatile struct place const_place;
struct conn {
	__u8 kind;
	struct place from, to;
	__u32 is_new : 1, retries : 3;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__uint(key_size, 64);
	__uint(value_size, 64);
} seen SEC(".maps");

#define look_up(key) bpf_map_lookup_elem(&seen, (const void*)(key))

static __always_inline int twice_inlined(__u32 number) {
	struct place inlined = {.address = number};
	return look_up(&inlined) != 0;
}

static __attribute__((noinline)) int apart(struct bpf_sock_ops* skops) {
	struct conn subprogram = {.kind = 1, .is_new = 1};
	subprogram.from.address = skops->remote_ip4;
	return look_up(&subprogram) != 0;
}

SEC("sockops")
int stack(struct bpf_sock_ops* skops) {
	struct conn whole = {.kind = 2};
	whole.to.port = skops->local_port;
	__u64 number = skops->op;
	char text[20] = {};
	text[skops->op & 15] = 1;
	struct place rows[2][2] = {};
	rows[skops->op & 1][1].port = 7;
	int found = look_up(&whole) != 0;
	found += look_up(&number) != 0;
	found += look_up(text) != 0;
	found += look_up(rows) != 0;
	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB) {
		const_place first_scope = {.address = 4};
		found += look_up(&first_scope) != 0;
		bpf_printk("connect"); // so that the two do not become one
	} else {
		struct conn second_scope = {.kind = 3};
		found += look_up(&second_scope) != 0;
	}
	found += twice_inlined(5);
	bpf_printk("between");
	found += twice_inlined(6);
	return found + apart(skops) > 100;
}

SEC("sockops")
int other(struct bpf_sock_ops* skops) {
	__u16 alone = skops->op;
	return look_up(&alone) != 0 && apart(skops);
}

char LICENSE[] SEC("license") = "GPL";
