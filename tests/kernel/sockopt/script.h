// SPDX-License-Identifier: MIT
// What the BPF program and the test share: calls to be made inside the hook, and what they returned.
#ifndef SOCKOPS_TESTS_KERNEL_SOCKOPT_SCRIPT_H
#define SOCKOPS_TESTS_KERNEL_SOCKOPT_SCRIPT_H

enum { script_acts = 4, script_steps = 256, script_room = 104 };

// One bpf_setsockopt() or bpf_getsockopt(). 1 <= optlen <= script_room.
struct script_step {
	int get;
	int level, optname, optlen;
	int result;
	unsigned char optval[script_room];
};

// Steps to be made one after the other in the first call of `op`.
struct script_act {
	unsigned int op;
	unsigned int first, count;
	unsigned int new_state; // of a STATE_CB; 0: any
	unsigned int done;
};

struct script {
	unsigned int reserve; // bytes to reserve in each HDR_OPT_LEN_CB, or 0
	unsigned int act_count;
	struct script_act acts[script_acts];
	struct script_step steps[script_steps];
};

#endif
