// SPDX-License-Identifier: MIT
// What programs have in them beside the usual: macros made of libbpf's own, a CO-RE read in a function that only
// other programs would call, texts in functions.
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define write_text(out, fmt, args...)                                                                        \
	({                                                                                                       \
		static const char text[] = fmt;                                                                      \
		unsigned long long words[___bpf_narg(args)];                                                         \
		___bpf_fill(words, args);                                                                            \
		bpf_snprintf(out, sizeof(out), text, words, sizeof(words));                                          \
	})

struct task_struct {
	int pid;
};

static inline __attribute__((unused)) int pid_of(struct task_struct* task) {
	(void)task;
	return BPF_CORE_READ(task, pid);
}

char said[32];

SEC("sockops")
int as_written(struct bpf_sock_ops* skops) {
	__u32 op = skops->op, port = skops->local_port;

	write_text(said, "op %u on port %u", op, port);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
