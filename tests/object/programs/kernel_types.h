/* SPDX-License-Identifier: MIT */
/* The kernel's types for the programs of this folder, in two forms: from the headers of the UAPI, or with VMLINUX_H
 * from a vmlinux.h, whose accesses are all relocated when an object is loaded (CO-RE). */
#ifdef VMLINUX_H

#include "vmlinux.h"

/* It has no macros. */
#define AF_INET 2
#define AF_INET6 10
#define SOL_SOCKET 1
#define SO_PRIORITY 12
#define SO_MARK 36
#define SO_MAX_PACING_RATE 47
#define SO_RCVBUF 8
#define SO_SNDBUF 7
#define SO_KEEPALIVE 9
#define SOL_TCP 6
#define TCP_NODELAY 1
#define TCP_MAXSEG 2
#define TCP_KEEPIDLE 4
#define TCP_SYNCNT 7
#define TCP_WINDOW_CLAMP 10
#define TCP_CONGESTION 13
#define TCP_USER_TIMEOUT 18
#define TCP_NOTSENT_LOWAT 25
#define TCP_SAVE_SYN 27

#else

#include <linux/bpf.h>
#include <linux/tcp.h>
#include <stddef.h>

#endif
