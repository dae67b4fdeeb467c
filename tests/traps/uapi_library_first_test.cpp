// SPDX-License-Identifier: MIT
// Our headers first, then the system's.

#include <sockops/sockops.hpp>
#include <sockops/trace/trace.hpp>

#include <linux/bpf.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#if defined(BPF_F_PREORDER)
#define SOCKOPS_SYSTEM_HAS_6_15
#endif

#define SOCKOPS_UAPI_ORDER uapi_library_first
#include "uapi_checks.hpp"
