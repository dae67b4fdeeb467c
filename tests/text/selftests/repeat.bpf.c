// SPDX-License-Identifier: MIT
// Each side says something to the other in an option of its SYN or SYN-ACK, and of its FIN. A server that answers with
// a cookie keeps no SYN, and asks the client to say it again, until something of the server comes.
#include <linux/bpf.h>
#include <linux/errno.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define SOL_TCP 6
#define TCP_SAVE_SYN 27
#define FIN 1
#define SYN 2
#define ACK 16
#define EXPERIMENTAL 254
#define REPEAT 1 // of said.flags: say it again in your ACK

struct said {
	__u8 flags, delack_ms, tag; // flags 0: nothing is said
};
struct said in_syn, in_synack, in_fin_of_client, in_fin_of_server; // what is to be said
struct said of_client, of_server, fin_of_client, fin_of_server;    // what was heard of it
__u8 kind = EXPERIMENTAL;
__u16 magic = 0xeb9f;
__u32 flags_of_child;
__s32 wrong; // what a helper has answered that it should not
__u32 wrong_at;

struct about {
	__u8 is_client, repeats, from_cookie, is_fast_open;
};
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct about);
} about SEC(".maps");

static int is_wrong(int answer, __u32 line) {
	if (answer) {
		wrong = answer;
		wrong_at = line;
	}
	return 1;
}
#define note(answer) is_wrong(answer, __LINE__)

static struct about* about_of(struct bpf_sock_ops* skops) {
	struct bpf_sock* sk = skops->sk;

	return sk ? bpf_sk_storage_get(&about, sk, 0, 0) : 0;
}

static __u8 begin(__u8* option) {
	option[0] = kind;
	if (kind != EXPERIMENTAL)
		return 2;
	option[2] = magic >> 8;
	option[3] = magic & 0xff;
	return 4;
}
static __u32 size_of_option(void) { return (kind == EXPERIMENTAL ? 4 : 2) + sizeof(struct said); }

static int reserve(struct bpf_sock_ops* skops, const struct said* what) {
	return what->flags ? note(bpf_reserve_hdr_opt(skops, size_of_option(), 0)) : 1;
}
static int store(struct bpf_sock_ops* skops, const struct said* what, __u8 more) {
	__u8 option[8] = {}, at = begin(option);

	if (!what->flags)
		return 1;
	option[1] = size_of_option();
	if (at == 4)
		option[4] = what->flags | more, option[5] = what->delack_ms, option[6] = what->tag;
	else
		option[2] = what->flags | more, option[3] = what->delack_ms, option[4] = what->tag;
	return note(bpf_store_hdr_opt(skops, option, sizeof(option), 0));
}
static int load(struct bpf_sock_ops* skops, struct said* to, __u64 flags) {
	__u8 option[8], at = begin(option);
	int size;

	option[1] = at == 4 ? 4 : 0;
	size = bpf_load_hdr_opt(skops, option, sizeof(option), flags);
	if (size < 0)
		return size;
	if (at == 4)
		to->flags = option[4], to->delack_ms = option[5], to->tag = option[6];
	else
		to->flags = option[2], to->delack_ms = option[3], to->tag = option[4];
	return 0;
}

/* What the segment says that is being built; its size is asked before it is written. */
static int says(struct bpf_sock_ops* skops, int is_written) {
	const __u32 tcp_flags = skops->skb_tcp_flags;
	const struct said* what = &in_syn;
	struct about* a;
	struct said asked = {};
	__u8 more = 0;

	if ((tcp_flags & (SYN | ACK)) == (SYN | ACK)) {
		what = &in_synack;
		more = skops->args[0] == BPF_WRITE_HDR_TCP_SYNACK_COOKIE ? REPEAT : 0;
		if (!is_written) {
			int answer = load(skops, &asked, BPF_LOAD_HDR_OPT_TCP_SYN);

			if (answer) // -ENOMSG: it asked for nothing
				return answer == -ENOMSG ? 1 : note(answer);
		}
	} else if (!(tcp_flags & SYN)) {
		if (!is_written && skops->args[0] == BPF_WRITE_HDR_TCP_CURRENT_MSS)
			return note(bpf_reserve_hdr_opt(skops, size_of_option(), 0));
		a = about_of(skops);
		if (!a)
			return 1;
		if (tcp_flags & FIN)
			what = a->is_client ? &in_fin_of_client : &in_fin_of_server;
		else if (!a->repeats)
			return 1;
	}
	return is_written ? store(skops, what, more) : reserve(skops, what);
}

static int flags_set(struct bpf_sock_ops* skops, __u32 set, __u32 clear) {
	return note(bpf_sock_ops_cb_flags_set(skops, (skops->bpf_sock_ops_cb_flags | set) & ~clear));
}
#define HEADERS (BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG | BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG)
#define ALL_HEADERS BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG

static void wait_less(struct bpf_sock_ops* skops, __u32 own_ms, __u32 others_ms) {
	__u32 own = own_ms * 1000, others = others_ms * 1000;

	if (own)
		note(bpf_setsockopt(skops, SOL_TCP, TCP_BPF_DELACK_MAX, &own, sizeof(own)));
	if (others)
		note(bpf_setsockopt(skops, SOL_TCP, TCP_BPF_RTO_MIN, &others, sizeof(others)));
}

static int remember(struct bpf_sock_ops* skops, struct about* begun) {
	struct bpf_sock* sk = skops->sk;

	if (!sk || !bpf_sk_storage_get(&about, sk, begun, BPF_SK_STORAGE_GET_F_CREATE))
		return note(-1);
	return 1;
}

static int established_client(struct bpf_sock_ops* skops) {
	struct about begun = {.is_client = 1};
	int answer = load(skops, &of_server, 0);

	if (answer && answer != -ENOMSG)
		return note(answer);
	begun.repeats = of_server.flags & REPEAT;
	if (begun.repeats)
		flags_set(skops, ALL_HEADERS, 0); // until it is known to have been heard
	else if (!in_fin_of_client.flags)
		flags_set(skops, 0, HEADERS);
	wait_less(skops, in_syn.delack_ms, of_server.delack_ms);
	return remember(skops, &begun);
}

static int established_server(struct bpf_sock_ops* skops) {
	struct about begun = {};
	int answer = load(skops, &of_client, BPF_LOAD_HDR_OPT_TCP_SYN);

	flags_of_child = skops->bpf_sock_ops_cb_flags;
	if (answer == -ENOENT) {
		answer = load(skops, &of_client, 0);
		begun.from_cookie = 1;
	}
	if (answer && answer != -ENOMSG)
		return note(answer);
	if (skops->skb_tcp_flags & SYN) {
		flags_set(skops, ALL_HEADERS, 0); // the SYN-ACK is yet to be sent
		begun.is_fast_open = 1;
	} else if (!in_fin_of_server.flags)
		flags_set(skops, 0, HEADERS);
	wait_less(skops, in_synack.delack_ms, of_client.delack_ms);
	return remember(skops, &begun);
}

static int parse(struct bpf_sock_ops* skops) {
	struct about* a = about_of(skops);
	int answer;

	if (!a)
		return note(-1);
	if (a->repeats || a->is_fast_open) {
		const int has_fin = a->is_client ? in_fin_of_client.flags : in_fin_of_server.flags;

		flags_set(skops, 0, has_fin ? ALL_HEADERS : ALL_HEADERS | HEADERS);
		a->repeats &= has_fin;
	}
	if (!(skops->skb_tcp_flags & FIN))
		return 1;
	answer = a->is_client ? load(skops, &fin_of_server, 0) : load(skops, &fin_of_client, 0);
	return answer && answer != -ENOMSG ? note(answer) : 1;
}

SEC("sockops")
int repeat(struct bpf_sock_ops* skops) {
	__u32 one = 1;

	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		note(bpf_setsockopt(skops, SOL_TCP, TCP_SAVE_SYN, &one, sizeof(one)));
		return flags_set(skops, HEADERS | BPF_SOCK_OPS_STATE_CB_FLAG, 0);
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		return flags_set(skops, HEADERS, 0);
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		return says(skops, 0);
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		return says(skops, 1);
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		return established_client(skops);
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		return established_server(skops);
	case BPF_SOCK_OPS_PARSE_HDR_OPT_CB:
		return parse(skops);
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
