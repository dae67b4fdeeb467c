// SPDX-License-Identifier: MIT
// A program's reads of fields, under names that a disassembler finds.

#include <sockops/bpf/bpf_sock_ops.hpp>

using namespace sockops;

extern "C" {

[[gnu::visibility("default")]] u32 probe_of_op(bpf_sock_ops_kern* ctx) { return bpf_sock_ops(*ctx).op; }
[[gnu::visibility("default")]] u32 probe_of_family(bpf_sock_ops_kern* ctx) {
	return bpf_sock_ops(*ctx).family;
}
[[gnu::visibility("default")]] u32 probe_of_remote_port(bpf_sock_ops_kern* ctx) {
	return bpf_sock_ops(*ctx).remote_port;
}
[[gnu::visibility("default")]] u32 probe_of_snd_cwnd(bpf_sock_ops_kern* ctx) {
	return bpf_sock_ops(*ctx).snd_cwnd;
}
[[gnu::visibility("default")]] u64 probe_of_bytes_acked(bpf_sock_ops_kern* ctx) {
	return bpf_sock_ops(*ctx).bytes_acked;
}
}
