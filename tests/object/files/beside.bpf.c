// SPDX-License-Identifier: MIT
// Beside a sock_ops program as many other things as stand in one file: what they need is not here, and need
// not be.
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct nowhere {
	int member;
} __attribute__((preserve_access_index));
#define FIRST(ctx) ((struct nowhere *)(ctx)[0]) /* argument of a traced function */

struct tcp_congestion_ops {
	__u32 (*ssthresh)(void *sk);
	char name[16];
};

extern int CONFIG_OF_OTHERS __kconfig;
extern int no_such_kfunc(void *what) __ksym;
extern const void no_such_symbol __ksym;
extern const int no_such_variable __ksym;

int only_of_tail_calls(struct xdp_md *ctx);
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, int(void *));
} xdp_steps SEC(".maps") = {
	.values = {[0] = (void *)&only_of_tail_calls},
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(
		values, struct {
			__uint(type, BPF_MAP_TYPE_ARRAY);
			__uint(max_entries, 1);
			__type(key, __u32);
			__type(value, __u64);
		});
} map_of_maps SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 16);
	__uint(key_size, 4);
	__uint(value_size, 8);
} stacks SEC(".maps");
struct {
	__uint(type, 33);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_MMAPABLE);
} arena SEC(".maps");

__u64 calls;

static __attribute__((noinline)) int of_ours(int op) { return op + (int)calls; }
static __attribute__((noinline)) int of_others(void *what) { return no_such_kfunc(what) + CONFIG_OF_OTHERS; }
__attribute__((noinline)) int global_of_others(struct xdp_md *ctx) {
	return ctx ? of_others(ctx) + BPF_CORE_READ((struct nowhere *)ctx, member) : 0;
}

SEC("sockops")
int ours(struct bpf_sock_ops *skops) {
	calls = of_ours(skops->op) + 1;
	return 1;
}

SEC("xdp")
int pass(struct xdp_md *ctx) {
	bpf_tail_call(ctx, &xdp_steps, 0);
	return global_of_others(ctx);
}
SEC("xdp/steps")
int only_of_tail_calls(struct xdp_md *ctx) { return of_others(ctx); }
SEC("tc")
int classify(struct __sk_buff *skb) { return bpf_map_lookup_elem(&map_of_maps, &skb->mark) != 0; }
SEC("tcx/ingress")
int classify_more(struct __sk_buff *skb) { return (int)skb->len; }
SEC("sk_msg")
int message(struct sk_msg_md *msg) { return (int)msg->size; }
SEC("sk_skb/stream_verdict")
int verdict(struct __sk_buff *skb) { return (int)skb->len; }
SEC("cgroup/connect4")
int connecting(struct bpf_sock_addr *ctx) { return ctx->user_port != 0; }
SEC("cgroup_skb/egress")
int leaving(struct __sk_buff *skb) { return skb->len != 0; }
SEC("kprobe/no_such_function")
int probe(void *ctx) {
	bpf_printk("%d %lx", BPF_CORE_READ((struct nowhere *)ctx, member), (unsigned long)&no_such_symbol);
	return (int)bpf_get_stackid(ctx, &stacks, 0);
}
SEC("fentry/no_such_function")
int enter(__u64 *ctx) { return FIRST(ctx)->member; }
SEC("fmod_ret/no_such_function")
int modify(__u64 *ctx) { return FIRST(ctx)->member + (int)ctx[1]; }
SEC("freplace/no_such_program")
int replace(struct __sk_buff *skb) { return (int)skb->len; }
SEC("lsm/no_such_hook")
int hook(__u64 *ctx) { return FIRST(ctx)->member + no_such_variable; }
SEC("iter/no_such_iterator")
int iterate(struct nowhere *ctx) { return ctx->member; }
SEC("tp_btf/no_such_tracepoint")
int trace(__u64 *ctx) { return FIRST(ctx)->member; }
SEC("raw_tp/no_such_tracepoint")
int raw(void *ctx) { return ctx != 0; }
SEC("syscall")
int call(void *ctx) { return no_such_kfunc(ctx); }
SEC("netfilter")
int filter(void *ctx) { return ctx != 0; }
SEC("no_loader/knows")
int unheard_of(void *ctx) { return ctx != 0; }

SEC("struct_ops/quiet_ssthresh")
__u32 quiet_ssthresh(__u64 *ctx) { return ctx[0] ? 10 : 20; }
SEC(".struct_ops")
struct tcp_congestion_ops quiet = {.ssthresh = (void *)quiet_ssthresh, .name = "quiet"};
SEC(".struct_ops.link")
struct tcp_congestion_ops linked = {.ssthresh = (void *)quiet_ssthresh, .name = "linked"};
