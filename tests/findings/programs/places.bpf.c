// SPDX-License-Identifier: MIT
// Further places and readers: storage of sockets, maps of sockets, values of each CPU, events, dynptrs.
#include "planted.h"

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct event);
} storage SEC(".maps"), fresh SEC(".maps");
SEC("sockops")
int storage_begun_with_a_value(struct bpf_sock_ops* skops) {
	struct bpf_sock* sk = skops->sk;
	struct event e;

	if (!sk)
		return 1;
	in_twin(__builtin_memset(&e, 0, sizeof(e)));
	e.op = e.port = 1;
	e.when = 2;
	bpf_sk_storage_get(&storage, sk, &e, BPF_SK_STORAGE_GET_F_CREATE); /* found: value of 'storage': bytes 8 to 11 of 'e' */
	return 1;
}
/* Where it is there already, nobody looks at the value. */
SEC("sockops")
int storage_that_is_there(struct bpf_sock_ops* skops) {
	struct bpf_sock* sk = skops->sk;
	struct event e;

	if (!sk || !bpf_sk_storage_get(&fresh, sk, 0, BPF_SK_STORAGE_GET_F_CREATE))
		return 1;
	e.op = 1;
	bpf_sk_storage_get(&fresh, sk, unknown(&e), BPF_SK_STORAGE_GET_F_CREATE);
	return 1;
}
/* Without one it begins as zeroes. */
SEC("sockops")
int storage_begun_with_zeroes(struct bpf_sock_ops* skops) {
	struct bpf_sock* sk = skops->sk;
	struct event* e;

	if (!sk)
		return 1;
	e = bpf_sk_storage_get(&fresh, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!e)
		return 1;
	branch_on(e->when);
	bpf_ringbuf_output(&events, e, sizeof(*e), 0);
	return 1;
}

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 16);
	__type(key, struct tuple);
	__type(value, __u64);
} sockets SEC(".maps");
SEC("sockops")
int key_of_a_socket(struct bpf_sock_ops* skops) {
	struct tuple t;

	if (skops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		return 1;
	in_twin(__builtin_memset(&t, 0, sizeof(t)));
	t.saddr = t.daddr = 1;
	t.sport = t.dport = 2;
	t.proto = 6;
	bpf_sock_hash_update(skops, &sockets, &t, BPF_ANY); /* found: key of 'sockets': bytes 13 to 15 of 't' */
	return 1;
}

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct event);
} counts SEC(".maps");
SEC("sockops")
int value_of_a_cpu(struct bpf_sock_ops* skops) {
	__u32 first = 0;
	struct event* e = bpf_map_lookup_elem(&counts, &first);

	if (!e)
		return 1;
	branch_on(e->when == 5);
	e->when++;
	bpf_ringbuf_output(&events, e, sizeof(*e), 0);
	return 1;
}
SEC("sockops")
int value_of_some_cpu(struct bpf_sock_ops* skops) {
	__u32 first = 0, cpu;
	struct event* e;

	in_twin(cpu = 0);
	e = bpf_map_lookup_percpu_elem(&counts, &first, *unknown(&cpu)); /* found: 'cpu' of bpf_map_lookup_percpu_elem(): 'cpu' */
	if (e)
		yes++;
	return 1;
}
SEC("sockops")
int index_of_an_array(struct bpf_sock_ops* skops) {
	__u32 index;

	in_twin(index = 0);
	if (bpf_map_lookup_elem(&last, unknown(&index))) /* found: key of 'last': 'index' */
		yes++;
	return 1;
}
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct event);
} by_cpu SEC(".maps");
SEC("sockops")
int value_for_a_cpu(struct bpf_sock_ops* skops) {
	__u32 first = 0;
	struct event e;

	in_twin(__builtin_memset(&e, 0, sizeof(e)));
	e.op = e.port = 1;
	e.when = 2;
	bpf_map_update_elem(&by_cpu, &first, &e, BPF_ANY); /* found: value of 'by_cpu': bytes 8 to 11 of 'e' */
	return 1;
}
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16);
	__type(key, struct tuple);
	__type(value, __u64);
} recent SEC(".maps");
SEC("sockops")
int key_that_is_added(struct bpf_sock_ops* skops) {
	struct tuple t;
	__u64 one = 1;

	in_twin(__builtin_memset(&t, 0, sizeof(t)));
	t.saddr = t.daddr = 1;
	t.sport = t.dport = 2;
	t.proto = 6;
	bpf_map_update_elem(&recent, &t, &one, BPF_ANY); /* found: key of 'recent': bytes 13 to 15 of 't' */
	return 1;
}
SEC("sockops")
int key_and_value(struct bpf_sock_ops* skops) {
	struct tuple t = {};
	__u64 when;

	in_twin(when = 1);
	t.proto = 17;
	bpf_map_update_elem(&recent, &t, &when, BPF_ANY); /* found: value of 'recent': 'when' */
	return 1;
}

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");
SEC("sockops")
int perf_event(struct bpf_sock_ops* skops) {
	struct event e;

	in_twin(__builtin_memset(&e, 0, sizeof(e)));
	e.op = e.port = e.length = 1;
	e.when = 2;
	bpf_perf_event_output(skops, &perf, BPF_F_CURRENT_CPU, &e, sizeof(e)); /* found: record of 'perf': bytes 12 to 15 of 'e' */
	return 1;
}

SEC("sockops")
int size_of_a_record(struct bpf_sock_ops* skops) {
	__u8 bytes[16] = {}, size;

	in_twin(size = 8);
	bpf_ringbuf_output(&events, bytes, *unknown(&size) & 15, 0); /* found: 'size' of bpf_ringbuf_output(): 'size' */
	return 1;
}

/* Given back unread: nobody sees it. */
SEC("sockops")
int record_given_back(struct bpf_sock_ops* skops) {
	struct event* e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 1;
	e->op = 7;
	bpf_ringbuf_discard(e, 0);
	return 1;
}

SEC("sockops")
int record_of_a_dynptr(struct bpf_sock_ops* skops) {
	struct bpf_dynptr d;
	struct event e = {.op = 1};
	__u8* data;

	bpf_ringbuf_reserve_dynptr(&events, 32, 0, &d);
	bpf_dynptr_write(&d, 0, &e, sizeof(e), 0);
	data = bpf_dynptr_data(&d, 24, 8);
	if (data) {
		*(__u32*)data = 7;
		in_twin(*(__u32*)(data + 4) = 7);
	}
	bpf_ringbuf_submit_dynptr(&d, 0); /* found: record: bytes 28 to 31 */
	return 1;
}
SEC("sockops")
int record_of_a_dynptr_given_back(struct bpf_sock_ops* skops) {
	struct bpf_dynptr d;

	bpf_ringbuf_reserve_dynptr(&events, 32, 0, &d);
	bpf_ringbuf_discard_dynptr(&d, 0);
	return 1;
}
SEC("sockops")
int written_to_a_dynptr(struct bpf_sock_ops* skops) {
	struct bpf_dynptr d;
	struct event e;

	in_twin(__builtin_memset(&e, 0, sizeof(e)));
	e.op = e.port = e.length = 1;
	e.when = 2;
	bpf_ringbuf_reserve_dynptr(&events, sizeof(e), 0, &d);
	bpf_dynptr_write(&d, 0, &e, sizeof(e), 0); /* found: 'src' of bpf_dynptr_write(): bytes 12 to 15 of 'e' */
	bpf_ringbuf_submit_dynptr(&d, 0);
	return 1;
}
SEC("sockops")
int read_from_a_dynptr(struct bpf_sock_ops* skops) {
	struct bpf_dynptr d;
	struct event e;

	bpf_ringbuf_reserve_dynptr(&events, sizeof(e), 0, &d);
	in_twin(struct event all = {}; bpf_dynptr_write(&d, 0, &all, sizeof(all), 0));
	bpf_dynptr_read(&e, sizeof(e), &d, 0, 0);
	branch_on(unknown(&e)->when == 7); /* found: branch */
	bpf_ringbuf_discard_dynptr(&d, 0);
	return 1;
}
SEC("sockops")
int read_of_what_was_written(struct bpf_sock_ops* skops) {
	struct bpf_dynptr d;
	__u64 in = 7, out;

	bpf_ringbuf_reserve_dynptr(&events, 16, 0, &d);
	if (bpf_dynptr_write(&d, 8, &in, sizeof(in), 0) == 0 && bpf_dynptr_read(&out, sizeof(out), &d, 8, 0) == 0)
		branch_on(unknown(&out)[0] == 7);
	bpf_ringbuf_discard_dynptr(&d, 0);
	return 1;
}
