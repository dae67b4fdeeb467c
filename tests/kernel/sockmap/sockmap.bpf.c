// SPDX-License-Identifier: MIT
// In each op, enters the socket in maps and deletes from them, at random, and notes what that answers.

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "sockmap_log.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(key_size, 4);
	__uint(value_size, 4);
	__uint(max_entries, array_entries);
} array4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(key_size, 4);
	__uint(value_size, 8);
	__uint(max_entries, array_entries);
} array8 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(key_size, 4);
	__uint(value_size, 4);
	__uint(max_entries, hash_entries);
} hash4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(key_size, 12);
	__uint(value_size, 8);
	__uint(max_entries, hash_entries);
} hash12 SEC(".maps");

struct sockmap_log calls_made;

static unsigned int random(void)
{
	calls_made.random = calls_made.random * 1664525 + 1013904223;
	return calls_made.random >> 8;
}

static int update(struct bpf_sock_ops *skops, unsigned int map, struct sockmap_key *key, unsigned long long flags)
{
	switch (map) {
	case map_array4:
		return bpf_sock_map_update(skops, &array4, key, flags);
	case map_array8:
		return bpf_sock_map_update(skops, &array8, key, flags);
	case map_hash4:
		return bpf_sock_hash_update(skops, &hash4, key, flags);
	default:
		return bpf_sock_hash_update(skops, &hash12, key, flags);
	}
}

static int erase(unsigned int map, struct sockmap_key *key)
{
	switch (map) {
	case map_array4:
		return bpf_map_delete_elem(&array4, key);
	case map_array8:
		return bpf_map_delete_elem(&array8, key);
	case map_hash4:
		return bpf_map_delete_elem(&hash4, key);
	default:
		return bpf_map_delete_elem(&hash12, key);
	}
}

static unsigned long long some_flags(void)
{
	unsigned int chance = random() % 16;

	if (chance == 0)
		return random() % 2 ? 3 : 1ull << 32;
	return chance % 3;
}

static int opens(unsigned int op)
{
	return op == BPF_SOCK_OPS_TCP_CONNECT_CB || op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB ||
	       op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB || op == BPF_SOCK_OPS_TCP_LISTEN_CB;
}

// Changes of state that close(2) makes, not the peer.
static int closes(struct bpf_sock_ops *skops)
{
	unsigned int from = skops->args[0], to = skops->args[1];

	return skops->op == BPF_SOCK_OPS_STATE_CB &&
	       ((from == BPF_TCP_ESTABLISHED && to == BPF_TCP_FIN_WAIT1) ||
		(from == BPF_TCP_CLOSE_WAIT && to == BPF_TCP_LAST_ACK) ||
		(from == BPF_TCP_LISTEN && to == BPF_TCP_CLOSE));
}

// Not inlined, so that the verifier sees each call once.
__attribute__((noinline)) int one_call(struct bpf_sock_ops *skops)
{
	unsigned int at = __sync_fetch_and_add(&calls_made.count, 1);
	struct sockmap_call *call;
	struct sockmap_key key = {{0, 7, 9}};

	if (at >= sockmap_log_room)
		return 0;
	call = &calls_made.calls[at];
	call->cookie = bpf_get_socket_cookie(skops);
	call->op = skops->op;
	call->map = random() % sockmap_maps;
	call->key = key.words[0] = random() % sockmap_keys;
	// Deletes only where the test waits for the op, so that it knows what came first.
	call->erase = (opens(skops->op) && random() % 4 == 0) || closes(skops);
	call->flags = call->erase ? 0 : some_flags();
	call->result = call->erase ? erase(call->map, &key) : update(skops, call->map, &key, call->flags);
	return 0;
}

SEC("sockops")
int enter_and_delete(struct bpf_sock_ops *skops)
{
	int stamps = 1;

	if (opens(skops->op)) {
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_ALL_CB_FLAGS);
		bpf_setsockopt(skops, 1, 1009, &stamps, sizeof stamps); // SK_BPF_CB_FLAGS: sends are reported
	}
	if (skops->op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
		bpf_reserve_hdr_opt(skops, 4, 0);
	for (int i = 0; i < 4 && (opens(skops->op) || closes(skops)); i++)
		one_call(skops);
	one_call(skops);
	return 1;
}

char _license[] SEC("license") = "Dual MIT/GPL";
