// SPDX-License-Identifier: MIT
// The string kfuncs, each with every pair of some texts, lengths and characters. What they answered is kept
// once; which op asked does not matter.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#include "kfuncs.h"

#define TEXTS 17
#define LENGTHS 7

char texts[TEXTS][16] = {"",        "a",      "ab",       "abc",     "ABC",       "b",          "bc",
						 "aab",     "aaab",   "hello",    "HeLLo",   "l",         "hello\xff!", "\xe4pfel",
						 "aabaabaaab", "aabaaab", "aabaaba"};
unsigned long lengths[LENGTHS] = {0, 1, 2, 3, 5, 15, 1ul << 40};
int chars[8] = {0, 'a', 'b', 'l', 'o', 'L', 0xe4, 0x161}; // the last: 'a' in a char alone

__s32 compared[TEXTS * TEXTS], without_case[TEXTS * TEXTS], found[TEXTS * TEXTS], spans[TEXTS * TEXTS],
	other_spans[TEXTS * TEXTS], found_within[TEXTS * TEXTS * LENGTHS];
__s32 long_as[TEXTS], at_most[TEXTS * LENGTHS];
__s32 first[TEXTS * 8], or_end[TEXTS * 8], last[TEXTS * 8], first_within[TEXTS * 8 * LENGTHS];
__s32 null[12], too_long[13];
__u32 done;
char endless[4096 * 17]; // without a NUL

static void pairs(int i) {
	int k, n;

	bpf_for(k, 0, TEXTS) {
		const char *left = texts[i], *right = texts[k];
		unsigned at = i * TEXTS + k;

		if (at >= TEXTS * TEXTS)
			return;
		compared[at] = bpf_strcmp(left, right);
		without_case[at] = bpf_strcasecmp(left, right);
		found[at] = bpf_strstr(left, right);
		spans[at] = bpf_strspn(left, right);
		other_spans[at] = bpf_strcspn(left, right);
		bpf_for(n, 0, LENGTHS) {
			unsigned of = at * LENGTHS + n;

			if (of < TEXTS * TEXTS * LENGTHS)
				found_within[of] = bpf_strnstr(left, right, lengths[n]);
		}
	}
}

static void characters(int i) {
	int k, n;

	bpf_for(k, 0, 8) {
		unsigned at = i * 8 + k;

		if (at >= TEXTS * 8)
			return;
		first[at] = bpf_strchr(texts[i], chars[k]);
		or_end[at] = bpf_strchrnul(texts[i], chars[k]);
		last[at] = bpf_strrchr(texts[i], chars[k]);
		bpf_for(n, 0, LENGTHS) {
			unsigned of = at * LENGTHS + n;

			if (of < TEXTS * 8 * LENGTHS)
				first_within[of] = bpf_strnchr(texts[i], lengths[n], chars[k]);
		}
	}
	bpf_for(n, 0, LENGTHS) {
		unsigned of = i * LENGTHS + n;

		if (of < TEXTS * LENGTHS)
			at_most[of] = bpf_strnlen(texts[i], lengths[n]);
	}
	long_as[i] = bpf_strlen(texts[i]);
}

static void without_text(void) {
	null[0] = bpf_strcmp(NULL, texts[1]);
	null[1] = bpf_strcmp(texts[1], NULL);
	null[2] = bpf_strcasecmp(texts[1], NULL);
	null[3] = bpf_strchr(NULL, 'a');
	null[4] = bpf_strchrnul(NULL, 'a');
	null[5] = bpf_strnchr(NULL, 0, 'a');
	null[6] = bpf_strrchr(NULL, 'a');
	null[7] = bpf_strlen(NULL);
	null[8] = bpf_strnlen(NULL, 0);
	null[9] = bpf_strspn(texts[0], NULL);
	null[10] = bpf_strstr(NULL, texts[0]);
	null[11] = bpf_strnstr(texts[0], NULL, 0);
}

static void without_end(void) {
	int i;

	bpf_for(i, 0, (int)sizeof(endless))
		endless[i] = 'x';
	too_long[0] = bpf_strlen(endless);
	too_long[1] = bpf_strnlen(endless, 1ul << 16);
	too_long[2] = bpf_strchr(endless, 'y');
	too_long[3] = bpf_strcmp(endless, endless);
	too_long[4] = bpf_strnchr(endless, 1ul << 16, 'y');
	too_long[5] = bpf_strnchr(endless, (1ul << 16) - 1, 'y');
	too_long[6] = bpf_strspn(endless, texts[7]);
	too_long[7] = bpf_strcspn(endless, texts[7]);
	too_long[8] = bpf_strspn(texts[7], endless);
	too_long[9] = bpf_strspn(endless, endless);
	too_long[10] = bpf_strstr(endless, texts[7]);
	too_long[11] = bpf_strstr(texts[7], endless);
	too_long[12] = bpf_strnstr(endless, endless, 1ul << 16);
}

SEC("sockops")
int strings(struct bpf_sock_ops *skops) {
	int i;

	if (skops->op != BPF_SOCK_OPS_TCP_CONNECT_CB || done)
		return 1;
	bpf_for(i, 0, TEXTS) {
		pairs(i);
		characters(i);
	}
	without_text();
	without_end();
	done = 1;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
