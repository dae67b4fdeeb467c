/* SPDX-License-Identifier: MIT */
/* What drop.bpf.c and who loads it share. C, and C++. */
#ifndef DROP_RULES_H
#define DROP_RULES_H

#include <linux/types.h>

enum drop_kind { drop_syn, drop_synack, drop_ack, drop_data, drop_fin, drop_rst, drop_any, drop_kinds };

/* For packets of one kind: `pass` of them go through, then `drop` are lost. ~0 is without end. */
struct drop_rule {
	__u32 pass;
	__u32 drop;
};

/* The one element of the map `rules`. A packet to server_port was sent by the client (side 0), one
 * from server_port by the server (side 1). */
struct drop_rules {
	__u32 server_port; /* host order */
	__u32 dropped;	   /* so many so far */
	struct drop_rule of[2][drop_kinds];
};

#endif
