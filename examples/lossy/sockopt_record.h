/* SPDX-License-Identifier: MIT */
/* What web_tuning reports of each option that it sets: a record of its ring buffer. C for the program, C++ for
 * who reads it. */
#pragma once

#include <linux/types.h>

struct sockopt_record {
	__u32 local_port; /* host order */
	__s32 option;     /* of SOL_TCP */
	__s32 value;      /* what was asked for; of TCP_CONGESTION in text */
	__s32 result;     /* 0 or -errno */
	__s32 readable;   /* 1: now, or now_text, is what bpf_getsockopt() then answered */
	__s32 now;
	char text[16], now_text[16]; /* of TCP_CONGESTION */
};
