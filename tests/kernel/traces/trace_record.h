/* SPDX-License-Identifier: MIT */
/* What trace.bpf.c and who loads it share. C, and C++. */
#ifndef TRACE_RECORD_H
#define TRACE_RECORD_H

#include <linux/types.h>

enum { trace_client, trace_server, trace_sides };
enum { trace_ops = 32, trace_options = 4 };

/* bpf_setsockopt() at an op. */
struct trace_option {
	__u32 op;
	__s32 level;
	__s32 name;
	__s32 value;
};

/* What the program of one side does, apart from writing down each call. */
struct trace_settings {
	__u32 flags;			 /* bpf_sock_ops_cb_flags_set() in TCP_CONNECT_CB and TCP_LISTEN_CB */
	__u32 replies;			 /* bit n: op n gets the reply below */
	__s32 reply[trace_ops];
	__u32 reserve;			 /* bytes of header option, a multiple of 4, 0 to 40 */
	__u32 options;			 /* so many of the following are done */
	struct trace_option option[trace_options];
};

/* The one element of the map `control`. The network namespace tells calls of this run from those
 * that sockets of an earlier one still cause. */
struct trace_control {
	__u64 netns_cookie;		 /* of the calls to write down; 0: none */
	__u32 interval;			 /* stamped on each call */
	__u32 lost;				 /* calls for which the ring had no room */
	struct trace_settings side[trace_sides];
};

/* Where a socket is and where its peer: addresses in network order. */
struct trace_ends {
	__u32 local_ip4, remote_ip4;
	__u32 local_ip6[4], remote_ip6[4];
	__u32 local_port, remote_port; /* host order */
};

/* One call, as the program found it: before it did anything. */
struct trace_record {
	__u64 time_ns;			 /* CLOCK_MONOTONIC */
	__u32 interval;
	__u32 side;
	__u32 op;
	__u32 is_fullsock;
	__u32 state;
	__u32 args[4];
	__u32 cb_flags;
	__u32 skb_len;
	__u32 skb_tcp_flags;
	__u32 family;
	struct trace_ends ends;	 /* by the context */
	struct trace_ends sock;	 /* by its bpf_sock; all 0 if it has none */
	__u32 segment_ports;	 /* source << 16 | destination of the header shown; 0: none */
	__u32 snd_cwnd;
	__u32 srtt_us;			 /* << 3 */
	__u32 snd_una;
	__u32 snd_nxt;
};

#endif
