// SPDX-License-Identifier: MIT
// Dynamic pointers and their kfuncs: parts, clones, copies between two, slices, bytes set, and memory read
// into them by its address; of a map's value, of null, and of a ring buffer's record.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#include "kfuncs.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 12);
} records SEC(".maps");

struct tried {
	__u32 start, end;
	__s32 answer;
	__u32 size;
};
struct piece {
	__u32 local_port;
	__u8 bytes[16];
};
const struct piece *type_of_records; // so that the type is known to who reads them

char memory[40], other[24];
struct tried adjusted[8];
__s32 copied[10], filled[6], probed[8], cloned[4];
__u32 null_size, null_is_null, is_null, is_rdonly, clone_size, clone_is_null, size_as_own_clone;
__u32 slices, slice_of_null, first_byte, slice_beyond;
__u32 record_slices;

static const __u32 parts[8][2] = {{0, 0}, {0, 8}, {8, 8}, {9, 8}, {3, 24}, {3, 25}, {24, 24}, {30, 31}};

/// The kernel's functions that return bool leave other bits of r0 as they were.
static int truth(int answer) {
	barrier_var(answer);
	return answer & 0xff;
}

static void adjust(void) {
	struct bpf_dynptr whole, part;
	__u32 i;

	if (bpf_dynptr_from_mem(other, sizeof(other), 0, &whole))
		return;
	bpf_for(i, 0, 8) {
		cloned[0] += bpf_dynptr_clone(&whole, &part);
		adjusted[i].start = parts[i][0];
		adjusted[i].end = parts[i][1];
		adjusted[i].answer = bpf_dynptr_adjust(&part, parts[i][0], parts[i][1]);
		adjusted[i].size = bpf_dynptr_size(&part);
	}
	is_null = truth(bpf_dynptr_is_null(&whole));
	is_rdonly = truth(bpf_dynptr_is_rdonly(&whole));
	bpf_dynptr_clone(&whole, &part);
	bpf_dynptr_adjust(&part, 0, 0);
	clone_size = bpf_dynptr_size(&whole);
	cloned[3] = bpf_dynptr_clone(&whole, &whole);
	size_as_own_clone = bpf_dynptr_size(&whole);
}

static void copy_and_fill(void) {
	struct bpf_dynptr to, from, null;

	bpf_dynptr_from_mem(memory, sizeof(memory), 0, &to);
	bpf_dynptr_from_mem(other, sizeof(other), 0, &from);
	bpf_dynptr_from_mem(other, sizeof(other), 1, &null);
	bpf_dynptr_write(&from, 0, "0123456789abcdefghij", 20, 0);
	bpf_dynptr_adjust(&from, 4, 20);
	copied[0] = bpf_dynptr_copy(&to, 30, &from, 0, 10);
	copied[1] = bpf_dynptr_copy(&to, 31, &from, 0, 10);
	copied[2] = bpf_dynptr_copy(&to, 0, &from, 7, 10);
	copied[3] = bpf_dynptr_copy(&to, 31, &from, 7, 10);
	copied[4] = bpf_dynptr_copy(&to, 3, &to, 0, 20);
	copied[5] = bpf_dynptr_copy(&null, 0, &from, 0, 1);
	copied[6] = bpf_dynptr_copy(&to, 0, &null, 0, 1);
	copied[7] = bpf_dynptr_copy(&null, 0, &null, 0, 1);
	copied[8] = bpf_dynptr_copy(&to, 40, &from, 16, 0);
	copied[9] = bpf_dynptr_copy(&null, 0, &null, 0, 0);
	filled[0] = bpf_dynptr_memset(&to, 2, 3, 'z');
	filled[1] = bpf_dynptr_memset(&to, 38, 3, 'z');
	filled[2] = bpf_dynptr_memset(&null, 0, 1, 'z');
	filled[3] = bpf_dynptr_memset(&null, 0, 0, 'z');
	filled[4] = bpf_dynptr_memset(&to, 40, 0, 'z');
	filled[5] = bpf_dynptr_memset(&from, 0, 17, 'z');
	null_size = bpf_dynptr_size(&null);
	null_is_null = truth(bpf_dynptr_is_null(&null));
	cloned[1] = bpf_dynptr_adjust(&null, 0, 0);
	cloned[2] = bpf_dynptr_clone(&null, &from);
	clone_is_null = truth(bpf_dynptr_is_null(&from));
}

static void probe(void) {
	struct bpf_dynptr to, null;

	bpf_dynptr_from_mem(memory, sizeof(memory), 0, &to);
	bpf_dynptr_from_mem(other, sizeof(other), 1, &null);
	probed[0] = bpf_probe_read_kernel_dynptr(&to, 20, 8, other);
	probed[1] = bpf_probe_read_kernel_dynptr(&to, 36, 8, other);
	probed[2] = bpf_probe_read_kernel_dynptr(&null, 0, 4, other);
	probed[3] = bpf_probe_read_kernel_dynptr(&to, 0, 4, NULL);
	probed[4] = bpf_probe_read_kernel_str_dynptr(&to, 10, 8, other);
	probed[5] = bpf_probe_read_kernel_str_dynptr(&to, 10, 8, NULL);
	probed[6] = bpf_probe_read_user_dynptr(&to, 8, 2, NULL);
	probed[7] = bpf_probe_read_user_str_dynptr(&to, 8, 2, NULL);
}

static void slice(void) {
	struct bpf_dynptr whole, null;
	char buffer[8] = {}, *at;

	bpf_dynptr_from_mem(memory, sizeof(memory), 0, &whole);
	bpf_dynptr_from_mem(other, sizeof(other), 1, &null);
	at = bpf_dynptr_slice(&whole, 30, buffer, sizeof(buffer));
	if (at) {
		slices++;
		first_byte = at[0];
	}
	if (bpf_dynptr_slice(&whole, 32, NULL, sizeof(buffer)))
		slices++;
	if (bpf_dynptr_slice(&whole, 33, buffer, sizeof(buffer)))
		slice_beyond++;
	if (bpf_dynptr_slice(&null, 0, NULL, 1))
		slice_of_null++;
}

static void record(__u32 port) {
	struct bpf_dynptr whole, part;
	char buffer[4] = {}, *at;

	if (bpf_ringbuf_reserve_dynptr(&records, sizeof(struct piece), 0, &whole))
		goto out;
	bpf_dynptr_memset(&whole, 0, 20, 1);
	bpf_dynptr_write(&whole, 0, &port, sizeof(port), 0);
	bpf_dynptr_clone(&whole, &part);
	bpf_dynptr_adjust(&part, 8, 16);
	bpf_dynptr_memset(&part, 2, 3, 7);
	at = bpf_dynptr_slice(&part, 4, buffer, sizeof(buffer));
	if (at)
		record_slices += at[0];
	at = bpf_dynptr_slice(&whole, 16, buffer, sizeof(buffer));
	if (at)
		record_slices += at[0];
	bpf_dynptr_adjust(&whole, 1, 9);
out:
	bpf_ringbuf_submit_dynptr(&whole, 0);
}

SEC("sockops")
int dynptr_parts(struct bpf_sock_ops *skops) {
	if (skops->op != BPF_SOCK_OPS_TCP_CONNECT_CB)
		return 1;
	adjust();
	copy_and_fill();
	slice();
	probe();
	record(skops->local_port);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
