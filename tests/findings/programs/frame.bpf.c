// SPDX-License-Identifier: MIT
// Unwritten bytes of a variable on the stack, by who reads them.
#include "planted.h"

static noinline int look_up(struct bpf_sock_ops* skops) {
	struct tuple t;

	in_twin(__builtin_memset(&t, 0, sizeof(t)));
	t.saddr = skops->local_ip4;
	t.daddr = skops->remote_ip4;
	t.sport = skops->local_port;
	t.dport = bpf_ntohl(skops->remote_port);
	t.proto = 6;
	return bpf_map_lookup_elem(&conns, &t) != 0; /* found: key of 'conns': bytes 13 to 15 of 't' */
}
SEC("sockops")
int frame_key(struct bpf_sock_ops* skops) {
	look_up(skops);
	return 1;
}

/* On one way only is it written. */
SEC("sockops")
int frame_key_one_way(struct bpf_sock_ops* skops) {
	struct tuple t;

	__builtin_memset(unknown(&t), 0, 8);
	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB in_twin(|| 1))
		unknown(&t)->sport = skops->local_port;
	t.dport = 80;
	*(__u32*)unknown(&t.proto) = 6;
	bpf_map_delete_elem(&conns, &t); /* found: key of 'conns': bytes 8 to 9 of 't' */
	return 1;
}

SEC("sockops")
int frame_value(struct bpf_sock_ops* skops) {
	struct event e;
	__u32 first = 0;

	in_twin(__builtin_memset(&e, 0, sizeof(e)));
	e.op = skops->op;
	e.port = skops->local_port;
	e.when = 5;
	bpf_map_update_elem(&last, &first, &e, BPF_ANY); /* found: value of 'last': bytes 8 to 11 of 'e' */
	return 1;
}

/* For its padding nobody asks. */
SEC("sockops")
int frame_value_but_for_padding(struct bpf_sock_ops* skops) {
	struct event e;
	__u32 first = 0;

	e.op = skops->op;
	e.port = skops->local_port;
	e.length = 8;
	e.when = 5;
	bpf_map_update_elem(&last, &first, &e, BPF_ANY);
	return 1;
}

/* The tail of an array. */
SEC("sockops")
int frame_record(struct bpf_sock_ops* skops) {
	char name[16];

	in_twin(__builtin_memset(name, 0, sizeof(name)));
	name[0] = 'e';
	name[1] = 't';
	name[2] = 'h';
	name[3] = '0' + (skops->local_port & 7);
	name[4] = 0;
	bpf_ringbuf_output(&events, name, sizeof(name), 0); /* found: record of 'events': bytes 5 to 15 of 'name' */
	return 1;
}

SEC("sockops")
int frame_option(struct bpf_sock_ops* skops) {
	struct option o;

	o.kind = 254;
	o.length = sizeof(o);
	o.magic = 0x9feb;
	in_twin(o.number = skops->local_port);
	bpf_store_hdr_opt(skops, &o, sizeof(o), 0); /* found: header option: bytes 4 to 7 of 'o' */
	return 1;
}

SEC("sockops")
int frame_socket_option(struct bpf_sock_ops* skops) {
	__u32 clamp;

	*(__u8*)unknown(&clamp) = 40;
	in_twin(*unknown(&clamp) = 40);
	bpf_setsockopt(skops, SOL_TCP, TCP_BPF_SNDCWND_CLAMP, &clamp, sizeof(clamp)); /* found: option TCP_BPF_SNDCWND_CLAMP: bytes 1 to 3 of 'clamp' */
	return 1;
}

SEC("sockops")
int frame_branch(struct bpf_sock_ops* skops) {
	__u32 count;

	in_twin(count = 0);
	branch_on(*unknown(&count)); /* found: branch: 'count' */
	return 1;
}

SEC("sockops")
int frame_return(struct bpf_sock_ops* skops) {
	__u32 verdict;

	in_twin(verdict = 1);
	return *unknown(&verdict) & 1; /* found: return: 'verdict' */
}

SEC("sockops")
int frame_reply(struct bpf_sock_ops* skops) {
	__u32 timeout;

	in_twin(timeout = 50);
	skops->reply = *unknown(&timeout); /* found: reply of the context: 'timeout' */
	return 1;
}

SEC("sockops")
int frame_printk(struct bpf_sock_ops* skops) {
	__u32 rtt;

	in_twin(rtt = skops->srtt_us);
	bpf_printk("rtt %u", *unknown(&rtt)); /* found: a word that bpf_trace_printk() shows: 'rtt' */
	return 1;
}

SEC("sockops")
int frame_flags(struct bpf_sock_ops* skops) {
	__u32 flags;

	in_twin(flags = BPF_SOCK_OPS_RTT_CB_FLAG);
	bpf_sock_ops_cb_flags_set(skops, *unknown(&flags) & BPF_SOCK_OPS_ALL_CB_FLAGS); /* found: 'argval' of bpf_sock_ops_cb_flags_set(): 'flags' */
	return 1;
}

__u8 classes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
__u64 seen;
SEC("sockops")
int frame_address(struct bpf_sock_ops* skops) {
	__u32 class;

	in_twin(class = 3);
	seen += classes[*unknown(&class) & 7]; /* found: address: 'class' */
	return 1;
}
