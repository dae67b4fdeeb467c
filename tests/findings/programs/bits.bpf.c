// SPDX-License-Identifier: MIT
// A word of which some bits are written: what is done to it decides whether the others matter.
#include "planted.h"

/* A word of which only the bytes of `mask` are written, each with 1; all of them in the twin. */
static __always_inline __u32 written_in(__u32 mask) {
	__u32 word;
	__u8* bytes = unknown((__u8*)&word);

	in_twin(word = 0x01010101);
	if (mask & 0xff)
		bytes[0] = 1;
	if (mask & 0xff00)
		bytes[1] = 1;
	if (mask & 0xff0000)
		bytes[2] = 1;
	if (mask & 0xff000000)
		bytes[3] = 1;
	return *(volatile __u32*)unknown(&word);
}

SEC("sockops")
int and_leaves_what_is_written(struct bpf_sock_ops* skops) {
	__u32 word = opaque(written_in(0xff));

	branch_on(opaque(word & 0xff) == 1);
	return 1;
}
SEC("sockops")
int and_leaves_one_bit_too_many(struct bpf_sock_ops* skops) {
	__u32 word = opaque(written_in(0xff));

	branch_on(opaque(word & 0x1ff) == 1); /* found: branch */
	return 1;
}
SEC("sockops")
int and_with_a_word_of_zeroes(struct bpf_sock_ops* skops) {
	branch_on(opaque(written_in(0) & opaque(0)));
	return 1;
}
SEC("sockops")
int or_covers_the_rest(struct bpf_sock_ops* skops) {
	__u32 word = opaque(written_in(0xff)) | 0xffffff00;

	branch_on(opaque(word) == 0xffffff01);
	return 1;
}
SEC("sockops")
int or_covers_too_little(struct bpf_sock_ops* skops) {
	__u32 word = opaque(written_in(0xff)) | 0xfffffe00;

	branch_on(opaque(word) == 0xffffff01); /* found: branch */
	return 1;
}
SEC("sockops")
int xor_covers_nothing(struct bpf_sock_ops* skops) {
	branch_on(opaque(opaque(written_in(0xff)) ^ 0xffffff00) == 1); /* found: branch */
	return 1;
}
SEC("sockops")
int shifted_away(struct bpf_sock_ops* skops) {
	__u32 word = opaque(written_in(0xff)), back;

	word <<= 24;
	branch_on(opaque(word) == 0x01000000);
	back = opaque(written_in(0xff000000));
	back >>= 24;
	branch_on(opaque(back) == 1);
	return 1;
}
SEC("sockops")
int shifted_down(struct bpf_sock_ops* skops) {
	__u32 word = opaque(written_in(0xff));

	word >>= 7;
	branch_on(opaque(word)); /* found: branch */
	return 1;
}
SEC("sockops")
int shifted_by_a_register(struct bpf_sock_ops* skops) {
	__u64 word = opaque(written_in(0xff000000)), by = opaque(24);

	word >>= by;
	branch_on(opaque(word) == 1);
	return 1;
}
SEC("sockops")
int shifted_by_what_is_not_known(struct bpf_sock_ops* skops) {
	__u64 word = opaque(256), by = opaque(written_in(0)) & 7;

	word >>= by;
	branch_on(opaque(word) == 1); /* found: branch */
	return 1;
}
SEC("sockops")
int swapped(struct bpf_sock_ops* skops) {
	__u32 word = opaque(written_in(0xff));

	word = __builtin_bswap32(word);
	word >>= 24;
	branch_on(opaque(word) == 1);
	return 1;
}
SEC("sockops")
int swapped_into_sight(struct bpf_sock_ops* skops) {
	__u32 word = opaque(written_in(0xff));

	word = __builtin_bswap32(word);
	branch_on(opaque(word & 0xff)); /* found: branch */
	return 1;
}
SEC("sockops")
int halves_of_a_long_word(struct bpf_sock_ops* skops) {
	__u64 word;

	in_twin(word = 0);
	*(__u32*)unknown(&word) = 7;
	word = *(volatile __u64*)unknown(&word);
	branch_on((__u32)opaque(word) == 7);
	branch_on(opaque(word) >> 32 == 7); /* found: branch */
	return 1;
}
/* A number of 32 bits goes to the stack as 64, and comes back in halves. */
SEC("sockops")
int upper_half_of_a_spill(struct bpf_sock_ops* skops) {
	__u64 slot;

	*unknown(&slot) = (__u32)written_in(0xff);
	branch_on(((volatile __u32*)unknown(&slot))[1] == 0);
	branch_on(((volatile __u32*)unknown(&slot))[0] == 1); /* found: branch */
	return 1;
}
SEC("sockops")
int sign_of_a_byte(struct bpf_sock_ops* skops) {
	__s64 word = opaque(written_in(0xff));

	word <<= 56;
	word >>= 56;
	branch_on((__s64)opaque(word) < 0);
	return 1;
}
SEC("sockops")
int sign_that_is_not_written(struct bpf_sock_ops* skops) {
	__s64 word = opaque(written_in(0xffffff));

	word <<= 32;
	word >>= 32;
	branch_on((__s64)opaque(word) < 0); /* found: branch */
	return 1;
}
SEC("sockops")
int sum_without_a_carry(struct bpf_sock_ops* skops) {
	__u64 word = opaque(written_in(0xffffff00)) + opaque(0x100);

	branch_on(opaque(word) >> 8 == 0x010102);
	return 1;
}
SEC("sockops")
int sum_with_a_carry(struct bpf_sock_ops* skops) {
	__u64 word = opaque(written_in(0xffffff00)) + opaque(1);

	branch_on(opaque(word) >> 8 == 0x010101); /* found: branch */
	return 1;
}
/* The lower bytes of a sum do not depend on the upper ones. */
SEC("sockops")
int sum_below(struct bpf_sock_ops* skops) {
	__u64 word = opaque(written_in(0xff)) + opaque(3);

	branch_on((opaque(word) & 0xff) == 4);
	return 1;
}
SEC("sockops")
int difference_with_a_borrow(struct bpf_sock_ops* skops) {
	__u64 word = opaque(written_in(0xffffff00)) - opaque(1);

	branch_on(opaque(word) >> 8 == 0x010101); /* found: branch */
	return 1;
}
SEC("sockops")
int product_below(struct bpf_sock_ops* skops) {
	__u64 word = opaque(written_in(0xff)) * opaque(3);

	branch_on((opaque(word) & 0xff) == 3);
	branch_on((opaque(word) & 0xff00) == 0); /* found: branch */
	return 1;
}
SEC("sockops")
int quotient(struct bpf_sock_ops* skops) {
	__u64 word = opaque(written_in(0xffffff)) / opaque(10);

	branch_on(opaque(word) == 3); /* found: branch */
	return 1;
}
/* Decided by what is written alone. */
SEC("sockops")
int decided_by_the_upper_byte(struct bpf_sock_ops* skops) {
	__u64 word = opaque(written_in(0xff000000));

	branch_on(word > opaque(0xffffff));
	branch_on(word < opaque(0x2000000));
	return 1;
}
SEC("sockops")
int different_in_what_is_written(struct bpf_sock_ops* skops) {
	__u64 word = opaque(written_in(0xff));

	branch_on(word == opaque(2));
	branch_on(word != 0);
	return 1;
}

struct parts {
	__u32 state : 4, ca : 4, shift : 8, spare : 16;
};
SEC("sockops")
int fields_of_bits_one_by_one(struct bpf_sock_ops* skops) {
	struct parts p;

	unknown(&p)->state = 1;
	unknown(&p)->ca = 2;
	unknown(&p)->shift = 3;
	unknown(&p)->spare = 4;
	branch_on(*(volatile __u32*)unknown(&p) == 0x00040321);
	return 1;
}
SEC("sockops")
int fields_of_bits_but_one(struct bpf_sock_ops* skops) {
	struct parts p;

	unknown(&p)->state = 1;
	in_twin(unknown(&p)->ca = 2);
	unknown(&p)->shift = 3;
	unknown(&p)->spare = 4;
	branch_on(unknown(&p)->shift == 3);
	branch_on(*(volatile __u32*)unknown(&p) == 0x00040321); /* found: branch */
	return 1;
}
SEC("sockops")
int counted_up(struct bpf_sock_ops* skops) {
	__u64 count;

	in_twin(count = 0);
	__sync_fetch_and_add(unknown(&count), 1);
	branch_on(*(volatile __u64*)unknown(&count) == 1); /* found: branch */
	return 1;
}
SEC("sockops")
int counted_up_from_what_is_written(struct bpf_sock_ops* skops) {
	__u64 count = 5, before;

	before = __sync_fetch_and_add(unknown(&count), 1);
	branch_on(before == 5);
	branch_on(*(volatile __u64*)unknown(&count) == 6);
	return 1;
}
SEC("sockops")
int exchanged(struct bpf_sock_ops* skops) {
	__u64 word, before;

	in_twin(word = 0);
	before = __sync_lock_test_and_set(unknown(&word), 7);
	branch_on(*(volatile __u64*)unknown(&word) == 7);
	branch_on(before == 7); /* found: branch */
	return 1;
}
