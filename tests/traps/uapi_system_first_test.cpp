// SPDX-License-Identifier: MIT
// The system's headers first: their macros are defined when ours come, those of newer kernels than
// this system's too.

#include <linux/bpf.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#if defined(BPF_F_PREORDER)
#define SOCKOPS_SYSTEM_HAS_6_15
#else
#define BPF_F_PREORDER (1U << 6)
#endif
#ifndef BPF_F_REPLACE
#define BPF_F_REPLACE (1U << 2)
#endif
#ifndef SOL_TCP
#define SOL_TCP 6
#endif

#include <sockops/sockops.hpp>
#include <sockops/trace/trace.hpp>

#define SOCKOPS_UAPI_ORDER uapi_system_first
#include "uapi_checks.hpp"
