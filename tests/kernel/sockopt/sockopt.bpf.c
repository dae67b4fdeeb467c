// SPDX-License-Identifier: MIT
// Makes the calls of a script in the op that it names, and notes the results.

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "script.h"

struct script script;

// Not inlined, so that the verifier sees the index checked beside its use.
__attribute__((noinline)) int run_step(struct bpf_sock_ops *skops, unsigned int at)
{
	struct script_step *step;
	int optlen;

	if (at >= script_steps)
		return 0;
	step = &script.steps[at];
	optlen = step->optlen;
	if (optlen < 1 || optlen > script_room)
		return 0;
	if (step->get)
		step->result = bpf_getsockopt(skops, step->level, step->optname, step->optval, optlen);
	else
		step->result = bpf_setsockopt(skops, step->level, step->optname, step->optval, optlen);
	return 0;
}

static void run_act(struct bpf_sock_ops *skops, struct script_act *act)
{
	unsigned int count = act->count, first = act->first;

	act->done = 1;
	for (unsigned int i = 0; i < script_steps && i < count; i++)
		run_step(skops, first + i);
}

SEC("sockops")
int run_script(struct bpf_sock_ops *skops)
{
	if (skops->op == BPF_SOCK_OPS_HDR_OPT_LEN_CB && script.reserve)
		bpf_reserve_hdr_opt(skops, script.reserve, 0);
	for (unsigned int i = 0; i < script_acts && i < script.act_count; i++) {
		struct script_act *act = &script.acts[i];

		if (act->done || act->op != skops->op)
			continue;
		if (act->new_state && act->new_state != skops->args[1])
			continue;
		run_act(skops, act);
		break;
	}
	return 1;
}

char _license[] SEC("license") = "Dual MIT/GPL";
