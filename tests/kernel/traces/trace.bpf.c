// SPDX-License-Identifier: MIT
// The program that writes down each call of the sock_ops hook, once for each side.
#include "trace_call.bpf.h"

SEC("sockops") int trace_of_client(struct bpf_sock_ops *ctx) { return trace(ctx, trace_client); }
SEC("sockops") int trace_of_server(struct bpf_sock_ops *ctx) { return trace(ctx, trace_server); }
