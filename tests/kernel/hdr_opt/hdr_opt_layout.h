/* SPDX-License-Identifier: MIT */
/* What the program hdr_opt.bpf.c and the test that drives it share: for each op on each side, calls
 * to make and what came of them. */
#ifndef SOCKOPS_TESTS_HDR_OPT_LAYOUT_H
#define SOCKOPS_TESTS_HDR_OPT_LAYOUT_H

#include <linux/types.h>

enum hdr_opt_sizes {
	hdr_opt_calls = 16,
	hdr_opt_buffer = 256,
	hdr_opt_header = 64,
	hdr_opt_side = 24,     /* slots of one side: its ops, and one more */
	hdr_opt_mss_slot = 22, /* HDR_OPT_LEN_CB without a segment */
	hdr_opt_slots = 48,    /* the connecting side's, then the listening side's */
};

enum hdr_opt_what { hdr_opt_reserve = 1, hdr_opt_store, hdr_opt_load };

struct hdr_opt_call {
	__u32 what; /* enum hdr_opt_what */
	__u32 len;  /* store and load: 1 to 256 */
	__u64 flags;
	__u8 bytes[hdr_opt_buffer];
};

struct hdr_opt_answer {
	__s64 result;
	__u8 bytes[hdr_opt_buffer]; /* given as in the call; afterwards as the call left them */
};

struct hdr_opt_slot {
	__u32 wanted; /* calls to make the first time; 0: none, and nothing is written */
	__u32 ran;
	__u32 fullsock;
	__u32 arg0;
	__u32 has_skb;
	__u32 header_len; /* bytes from skb_data to skb_data_end, at first */
	__s64 syn_len;    /* what TCP_BPF_SYN gave */
	__u8 header[hdr_opt_header];
	__u8 syn[hdr_opt_header];
	struct hdr_opt_call calls[hdr_opt_calls];
	struct hdr_opt_answer answers[hdr_opt_calls];
};

struct hdr_opt_config {
	__u32 port;    /* of the listening side, host order */
	__u32 min_len; /* in ops 13 to 15: segments of fewer bytes are left alone */
};

#endif
