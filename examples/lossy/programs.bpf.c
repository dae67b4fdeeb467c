// SPDX-License-Identifier: MIT
// The programs of ns3_lossy, one for each of two levels of a cgroup tree: ordinary sock_ops programs, which a
// kernel takes as they are.
//
//   fleet_policy  for /fleet: how long to wait for an answer, how much to let in, which events to be told of
//   web_tuning    for /fleet/web, where it runs before the fleet's: ECN, and the sender's windows, timers and
//                 congestion control

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "sockopt_record.h"

#define SOL_TCP 6
#define TCP_CONGESTION 13
#define TCP_BPF_DELACK_MAX 1003 /* of 5.18 and later; older headers lack it */

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} sockopts SEC(".maps");

SEC("sockops")
int fleet_policy(struct bpf_sock_ops *skops)
{
	switch (skops->op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		skops->reply = 50; /* jiffies: 200 ms at 250 HZ */
		break;
	case BPF_SOCK_OPS_RWND_INIT:
		skops->reply = 40; /* packets */
		break;
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB: /* children inherit them */
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTO_CB_FLAG | BPF_SOCK_OPS_RETRANS_CB_FLAG |
						     BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RTT_CB_FLAG);
		break;
	}
	return 1;
}

static struct sockopt_record *begin(struct bpf_sock_ops *skops, int option)
{
	struct sockopt_record *record = bpf_ringbuf_reserve(&sockopts, sizeof(*record), 0);

	if (record) {
		__builtin_memset(record, 0, sizeof(*record));
		record->local_port = skops->local_port;
		record->option = option;
	}
	return record;
}

static __noinline int set(struct bpf_sock_ops *skops, int option, int value)
{
	int now = 0, result = bpf_setsockopt(skops, SOL_TCP, option, &value, sizeof(value));
	int unreadable = bpf_getsockopt(skops, SOL_TCP, option, &now, sizeof(now));
	struct sockopt_record *record = begin(skops, option);

	if (record) {
		record->value = value;
		record->result = result;
		record->readable = !unreadable;
		record->now = now;
		bpf_ringbuf_submit(record, 0);
	}
	return result;
}

static __noinline int set_congestion(struct bpf_sock_ops *skops)
{
	char name[16] = "westwood"; /* for losses that are no congestion */
	int result = bpf_setsockopt(skops, SOL_TCP, TCP_CONGESTION, name, sizeof(name));
	struct sockopt_record *record = begin(skops, TCP_CONGESTION);

	if (record) {
		record->result = result;
		__builtin_memcpy(record->text, name, sizeof(name));
		record->readable = !bpf_getsockopt(skops, SOL_TCP, TCP_CONGESTION, record->now_text,
						   sizeof(record->now_text));
		bpf_ringbuf_submit(record, 0);
	}
	return result;
}

SEC("sockops")
int web_tuning(struct bpf_sock_ops *skops)
{
	switch (skops->op) {
	case BPF_SOCK_OPS_NEEDS_ECN:
		skops->reply = 1;
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		set(skops, TCP_BPF_IW, 40);            /* packets */
		set(skops, TCP_BPF_SNDCWND_CLAMP, 80); /* packets */
		set(skops, TCP_BPF_RTO_MIN, 200000);   /* microseconds */
		set_congestion(skops);
		break;
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		/* A sender that waits 200 ms would time out on a lone segment whose ACK the receiver delays as long. */
		set(skops, TCP_BPF_DELACK_MAX, 40000); /* microseconds */
		break;
	}
	return 1;
}

char _license[] SEC("license") = "Dual MIT/GPL";
