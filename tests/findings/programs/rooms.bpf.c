// SPDX-License-Identifier: MIT
// Rooms that helpers write: as far as they say, and where they fail, what a kernel leaves there.
#include "planted.h"

SEC("sockops")
int socket_option(struct bpf_sock_ops* skops) {
	__u32 clamp;

	if (bpf_getsockopt(skops, SOL_TCP, 10 /* TCP_WINDOW_CLAMP */, &clamp, sizeof(clamp)) == 0)
		branch_on(clamp == 7);
	return 1;
}
/* Zeroed where there is no such option. */
SEC("sockops")
int socket_option_that_is_none(struct bpf_sock_ops* skops) {
	__u32 clamp;

	if (bpf_getsockopt(skops, SOL_TCP, 9999, &clamp, sizeof(clamp)))
		branch_on(clamp == 7);
	return 1;
}
SEC("sockops")
int name_of_the_congestion_control(struct bpf_sock_ops* skops) {
	char name[16];

	if (bpf_getsockopt(skops, SOL_TCP, TCP_CONGESTION, name, sizeof(name)) == 0)
		bpf_ringbuf_output(&events, name, sizeof(name), 0);
	return 1;
}

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(value, struct event);
} queue SEC(".maps");
/* Zeroed where there is nothing. */
SEC("sockops")
int popped_of_nothing(struct bpf_sock_ops* skops) {
	struct event e;

	if (bpf_map_pop_elem(&queue, &e))
		bpf_ringbuf_output(&events, &e, sizeof(e), 0);
	if (bpf_map_peek_elem(&queue, &e))
		bpf_ringbuf_output(&events, &e, sizeof(e), 0);
	return 1;
}
struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 4);
	__type(value, struct event);
} stack SEC(".maps");
SEC("sockops")
int pushed(struct bpf_sock_ops* skops) {
	struct event e;

	in_twin(__builtin_memset(&e, 0, sizeof(e)));
	e.op = e.port = (&e.length)[1] = 1;
	e.when = 2;
	bpf_map_push_elem(&stack, &e, BPF_EXIST); /* found: value of 'stack': bytes 8 to 11 of 'e' */
	return 1;
}
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(value, __u64);
} numbers SEC(".maps");
SEC("sockops")
int pushed_and_popped(struct bpf_sock_ops* skops) {
	__u64 in = 7, out;

	bpf_map_push_elem(&numbers, &in, BPF_EXIST);
	if (bpf_map_pop_elem(&numbers, &out) == 0)
		branch_on(out == 7);
	return 1;
}

SEC("sockops")
int whose_turn_it_is(struct bpf_sock_ops* skops) {
	char comm[16];

	if (bpf_get_current_comm(comm, sizeof(comm)) == 0)
		bpf_ringbuf_output(&events, comm, sizeof(comm), 0);
	return 1;
}

/* Of a text only the NUL and what is before it. */
SEC("sockops")
int text_as_long_as_it_is(struct bpf_sock_ops* skops) {
	__u64 words[] = {skops->local_port};
	char text[32];
	long length = bpf_snprintf(text, sizeof(text), "port %d", words, sizeof(words));

	if (length > 0 && length <= (long)sizeof(text))
		bpf_ringbuf_output(&events, text, length, 0);
	return 1;
}
SEC("sockops")
int text_and_what_is_behind_it(struct bpf_sock_ops* skops) {
	__u64 words[] = {4242};
	char text[32];

	in_twin(__builtin_memset(text, 0, sizeof(text)));
	bpf_snprintf(text, sizeof(text), "port %d", words, sizeof(words));
	bpf_ringbuf_output(&events, text, sizeof(text), 0); /* found: record of 'events': bytes 10 to 31 of 'text' */
	return 1;
}
SEC("sockops")
int words_of_a_format(struct bpf_sock_ops* skops) {
	__u64 words[2];
	char text[32];

	words[0] = 1;
	in_twin(words[1] = 2);
	bpf_snprintf(text, sizeof(text), "%d %d", words, sizeof(words)); /* found: 'data' of bpf_snprintf(): bytes 8 to 15 of 'words' */
	return 1;
}
SEC("sockops")
int words_of_a_line(struct bpf_sock_ops* skops) {
	bpf_printk("%d %d %d %d", skops->op, skops->local_port, skops->family, skops->state);
	return 1;
}
SEC("sockops")
int text_in_a_line(struct bpf_sock_ops* skops) {
	char name[16];

	unknown(name)[0] = 'e';
	unknown(name)[1] = 0;
	bpf_printk("name %s", name);
	return 1;
}
const char reno[] = "reno";
SEC("sockops")
int compared_to_its_end(struct bpf_sock_ops* skops) {
	char name[16];

	unknown(name)[0] = 'r';
	unknown(name)[1] = 0;
	branch_on(bpf_strncmp(name, sizeof(name), reno) == 0);
	return 1;
}
SEC("sockops")
int compared_without_an_end(struct bpf_sock_ops* skops) {
	char name[16];

	in_twin(__builtin_memset(name, 0, sizeof(name)));
	unknown(name)[0] = 'r';
	branch_on(bpf_strncmp(name, sizeof(name), reno) == 0); /* found: 's1' of bpf_strncmp(): byte 1 of 'name' */
	return 1;
}
SEC("sockops")
int congestion_control_by_a_short_name(struct bpf_sock_ops* skops) {
	char name[16];

	*(__u32*)unknown(name) = *(__u32*)unknown(reno);
	unknown(name)[4] = 0;
	bpf_setsockopt(skops, SOL_TCP, TCP_CONGESTION, name, sizeof(name));
	return 1;
}
SEC("sockops")
int number_in_a_text(struct bpf_sock_ops* skops) {
	char text[8] = "42";
	long number;

	if (bpf_strtol(text, sizeof(text), 10, &number) > 0)
		branch_on(number == 42);
	return 1;
}

SEC("sockops")
int read_from_where_nobody_wrote(struct bpf_sock_ops* skops) {
	__u64 from, to;

	in_twin(from = 0);
	bpf_probe_read_kernel(&to, sizeof(to), unknown(&from));
	branch_on(to == 7); /* found: branch */
	return 1;
}
/* Zeroed where nothing can be read. */
SEC("sockops")
int read_from_nowhere(struct bpf_sock_ops* skops) {
	__u64 to;

	if (bpf_probe_read_kernel(&to, sizeof(to), (void*)opaque(8)))
		branch_on(to == 7);
	return 1;
}
SEC("sockops")
int text_read_to_its_end(struct bpf_sock_ops* skops) {
	char from[] = "eth0", to[16];

	in_twin(__builtin_memset(to, 0, sizeof(to)));
	if (bpf_probe_read_kernel_str(to, sizeof(to), from) != 5)
		return 1;
	bpf_ringbuf_output(&events, to, 5, 0);
	bpf_ringbuf_output(&events, to, sizeof(to), 0); /* found: record of 'events': bytes 5 to 15 of 'to' */
	return 1;
}

/* To look for an option its kind, its length and its magic are read, and nothing else. */
SEC("sockops")
int option_to_look_for(struct bpf_sock_ops* skops) {
	struct option o;

	o.kind = 254;
	o.length = 4;
	o.magic = 0x9feb;
	if (bpf_load_hdr_opt(skops, &o, sizeof(o), 0) == sizeof(o))
		branch_on(o.number == 7);
	return 1;
}
SEC("sockops")
int option_that_is_not_there(struct bpf_sock_ops* skops) {
	struct option o;

	o.kind = 254;
	o.length = 4;
	o.magic = 0x1111;
	in_twin(o.number = 0);
	bpf_load_hdr_opt(skops, &o, sizeof(o), 0);
	branch_on(unknown(&o)->number == 7); /* found: branch: bytes 4 to 7 of 'o' */
	return 1;
}
SEC("sockops")
int option_of_some_kind(struct bpf_sock_ops* skops) {
	struct option o;

	in_twin(o.kind = 254);
	o.length = 4;
	o.magic = 0x9feb;
	bpf_load_hdr_opt(skops, &o, sizeof(o), 0); /* found: 'searchby_res' of bpf_load_hdr_opt(): byte 0 of 'o' */
	return 1;
}
SEC("sockops")
int option_of_a_kind_without_magic(struct bpf_sock_ops* skops) {
	__u8 o[20];

	unknown(o)[0] = 8; // time stamps
	unknown(o)[1] = 0;
	if (bpf_load_hdr_opt(skops, o, sizeof(o), 0) == 10)
		branch_on(unknown(o)[9] == 7);
	return 1;
}
/* As many bytes are stored as its length says. */
SEC("sockops")
int option_in_a_larger_room(struct bpf_sock_ops* skops) {
	__u8 o[16];

	unknown(o)[0] = 253;
	unknown(o)[1] = 4;
	*(__u16*)unknown(&o[2]) = 0x9feb;
	bpf_store_hdr_opt(skops, o, sizeof(o), 0);
	return 1;
}
SEC("sockops")
int length_of_an_option(struct bpf_sock_ops* skops) {
	__u32 length;

	in_twin(length = 8);
	bpf_reserve_hdr_opt(skops, *unknown(&length), 0); /* found: 'len' of bpf_reserve_hdr_opt(): 'length' */
	return 1;
}
