// SPDX-License-Identifier: MIT
#include "two_stacks_scenarios.hpp"

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/hook/helpers.hpp>

namespace test {

using namespace sockops;

namespace {

/// Sets the flags that ns-3 knows, and answers nothing.
int watch(bpf_sock_ops& skops) {
	if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB || skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		bpf_sock_ops_cb_flags_set(skops, 0xf);
	return 1;
}

/// Answers and sets options, each side others.
int tune(bpf_sock_ops& skops) {
	const bool server = skops.local_port == 20816;
	switch (skops.op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		skops.reply = server ? 75 : 50;
		break;
	case BPF_SOCK_OPS_RWND_INIT:
		skops.reply = server ? 20 : 30;
		break;
	case BPF_SOCK_OPS_NEEDS_ECN:
		skops.reply = 1;
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB: {
		const int rto_min_us = 100'000, too_large = 1'000'000, packets = 20;
		(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_RTO_MIN, &rto_min_us, sizeof rto_min_us);
		(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_RTO_MIN, &too_large, sizeof too_large);
		(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &packets, sizeof packets);
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RETRANS_CB_FLAG);
		break;
	}
	default:
		break;
	}
	return 1;
}

program_set of_object(const std::string& name, const char* file,
					  const std::vector<std::pair<std::string, std::string>>& where) {
	program_set made{name, {}, {}};
	made.objects.push_back(bpf_object::load_file(file));
	for (const auto& [path, program] : where)
		made.attached.emplace_back(path, made.objects[0].prog(program));
	return made;
}

} // namespace

std::vector<std::function<program_set()>> all_programs() {
	return {
		[] {
			return program_set{"watch", {{"/fleet", make_bpf_prog("watch", watch)}}};
		},
		[] {
			return program_set{"tune", {{"/fleet/web", make_bpf_prog("tune", tune)}}};
		},
		[] {
			return of_object("lossy", LOSSY_PROGRAMS_OBJECT,
							 {{"/fleet", "fleet_policy"}, {"/fleet/web", "web_tuning"}});
		},
		[] {
			return of_object("op_counts", TWO_STACKS_OP_COUNTS_OBJECT, {{"/", "op_counts"}});
		},
		[] {
			return of_object("buffers", TWO_STACKS_TUNE_OBJECT, {{"/fleet", "tune"}});
		},
	};
}

} // namespace test
