// SPDX-License-Identifier: MIT
// A program that includes nothing, so that it can be compiled for anything.
struct bpf_sock_ops;

char LICENSE[] __attribute__((section("license"), used)) = "Dual MIT/GPL";

__attribute__((section("sockops"), used)) int nothing(struct bpf_sock_ops *skops) { return skops != 0; }
