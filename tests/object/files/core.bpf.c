// SPDX-License-Identifier: MIT
// CO-RE: members that the library has and has not, nesting, enumerations, a kfunc and the kernel's version.
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct in6_addr {
	union {
		__u32 u6_addr32[4];
	} in6_u;
};
struct sock_common {
	union {
		struct {
			__u32 skc_daddr;
			__u32 skc_rcv_saddr;
		};
	};
	__u16 skc_num;
	struct in6_addr skc_v6_daddr;
};
struct sock {
	int filler[100];
	struct sock_common __sk_common;
};
struct inet_sock {
	struct sock sk;
};
struct inet_connection_sock {
	struct inet_sock icsk_inet;
	__u32 icsk_rto;
	__u8 icsk_ca_state;
};
struct minmax_sample {
	__u32 t, v;
};
struct minmax {
	struct minmax_sample s[3];
};
struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u32 snd_cwnd;
	__u32 reordering; // not modelled
	struct minmax rtt_min;
	struct {
		__u16 user_mss;
	} rx_opt;
};
struct bpf_sock_ops_kern {
	struct sock *sk;
	__u8 op;
};
#pragma clang attribute pop

enum tcp_ca_state___mine { TCP_CA_Loss___mine = 99, TCP_CA_No_such_state___mine };
enum bpf_func_id___mine { BPF_FUNC_load_hdr_opt___mine = 1, BPF_FUNC_none___mine };

extern void *bpf_cast_to_kern_ctx(void *) __ksym;
extern int bpf_no_such_kfunc(void *) __ksym __weak;
extern unsigned LINUX_KERNEL_VERSION __kconfig;
extern unsigned CONFIG_NO_SUCH_OPTION __kconfig __weak;

__u32 snd_cwnd, local_port, v6_word, rto, rtt_min, user_mss;
__u32 has_reordering, has_ca_state, has_icsk_rto;
__u32 ca_loss, has_no_such_state, load_hdr_opt, kernel_version, no_such_option, op, has_no_such_kfunc;
__u32 daddr;

SEC("sockops")
int core(struct bpf_sock_ops *skops) {
	struct bpf_sock *sk = skops->sk;
	struct bpf_sock_ops_kern *kern = bpf_cast_to_kern_ctx(skops);
	struct tcp_sock *tp = 0;

	op = kern->op;
	kernel_version = LINUX_KERNEL_VERSION;
	no_such_option = CONFIG_NO_SUCH_OPTION;
	has_no_such_kfunc = bpf_no_such_kfunc ? 1 : 0;
	ca_loss = bpf_core_enum_value(enum tcp_ca_state___mine, TCP_CA_Loss___mine);
	has_no_such_state = bpf_core_enum_value_exists(enum tcp_ca_state___mine, TCP_CA_No_such_state___mine);
	load_hdr_opt = bpf_core_enum_value(enum bpf_func_id___mine, BPF_FUNC_load_hdr_opt___mine);
	has_reordering = bpf_core_field_exists(tp->reordering);
	has_ca_state = bpf_core_field_exists(tp->inet_conn.icsk_ca_state);
	has_icsk_rto = bpf_core_field_exists(tp->inet_conn.icsk_rto);
	if (!sk)
		return 1;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp)
		return 1;
	if (bpf_core_field_exists(tp->reordering))
		has_reordering += tp->reordering; // never reached, never relocated
	snd_cwnd = tp->snd_cwnd;
	rto = tp->inet_conn.icsk_rto;
	rtt_min = tp->rtt_min.s[0].v;
	user_mss = tp->rx_opt.user_mss;
	local_port = tp->inet_conn.icsk_inet.sk.__sk_common.skc_num;
	daddr = BPF_CORE_READ(tp, inet_conn.icsk_inet.sk.__sk_common.skc_daddr);
	v6_word = BPF_CORE_READ(tp, inet_conn.icsk_inet.sk.__sk_common.skc_v6_daddr.in6_u.u6_addr32[2]);
	return 1;
}
