// SPDX-License-Identifier: MIT
// One dispatch under a name that a disassembler finds.

#include <sockops/sockops.hpp>

extern "C" [[gnu::flatten, gnu::noinline, gnu::visibility("default")]] int
dispatch_probe(sockops::sock_common* sk, sockops::u32 a, sockops::u32 b) {
	return sockops::tcp_call_bpf_2arg(sk, sockops::BPF_SOCK_OPS_STATE_CB, a, b);
}
