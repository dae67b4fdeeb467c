// SPDX-License-Identifier: MIT
// Programs that read what they do from maps, of each kind that can be filled from outside; and values of 0.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

enum mode { idle, tune = 3 };
struct place {
	__u8 zone;
	__u32 net;
};
struct settings {
	enum mode mode;
	__s32 window;
	union {
		__u32 first;
		__u8 bytes[4];
	};
	char name[8];
	__u32 flag : 1, rest : 31;
};
typedef __u8 buffer[40];
typedef char words[8];

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2);
	__type(key, struct place);
	__type(value, struct settings);
} by_place SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct settings);
} conf SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2);
	__type(key, char[16]);
	__type(value, __s64);
} by_name SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, buffer);
} zeroes SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__uint(value_size, 6);
} untyped SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__uint(map_flags, BPF_F_RDONLY);
	__type(key, __u32);
	__type(value, __u32);
} closed SEC(".maps");

const volatile __u32 limit = 8;
buffer unused;
__u64 asked;
char rows[2][4];
words title;

SEC("sockops")
int filled(struct bpf_sock_ops* skops) {
	struct place place = {};
	place.zone = 1;
	place.net = 0xa000001;
	__u32 zero = 0, raw = 0x100000a;
	struct settings* here = bpf_map_lookup_elem(&by_place, &place);
	struct settings* of_all = bpf_map_lookup_elem(&conf, &zero);
	char name[16] = "eth0";
	__s64* of_name = bpf_map_lookup_elem(&by_name, name);
	__u8* of_bytes = bpf_map_lookup_elem(&untyped, &raw);
	bpf_map_lookup_elem(&zeroes, &zero);
	bpf_map_lookup_elem(&closed, &zero);
	++asked;
	if (skops->op == BPF_SOCK_OPS_RWND_INIT && here && here->mode == tune && of_bytes)
		skops->reply = here->window + of_bytes[5];
	else if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT && of_all && of_name)
		skops->reply = of_all->window - *of_name;
	else
		bpf_sock_hash_update(skops, &sockets, &zero, BPF_NOEXIST);
	return 1;
}
char _license[] SEC("license") = "GPL";
