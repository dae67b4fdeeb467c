// SPDX-License-Identifier: MIT
// A socket whose options are set and read from inside a program.
#pragma once

#include "support.hpp"

namespace trap_test {

struct sockopt : testing::Test {
	one_socket on;
	tcp_sock& tp = on.sk;

	/// What body(skops) returns when it runs in `op` on `sk`.
	template <class Body>
	int in_op(int op, sock_common& sk, Body body) {
		int result = 12'345;
		const auto prog = make_bpf_prog("sockopt", [&](bpf_sock_ops& skops) {
			result = body(skops);
			return 1;
		});
		attach(*on.root, prog);
		(void)tcp_call_bpf(&sk, op, 0, nullptr);
		detach(*on.root, prog);
		return result;
	}
	int set(sock_common& sk, int level, int optname, int value, int op = BPF_SOCK_OPS_TCP_LISTEN_CB) {
		return in_op(op, sk, [&](bpf_sock_ops& skops) {
			return bpf_setsockopt(skops, level, optname, &value, sizeof value);
		});
	}
	int set(int level, int optname, int value) { return set(tp, level, optname, value); }
	/// The value; `error` tells whether it is one.
	int get(sock_common& sk, int level, int optname, int op = BPF_SOCK_OPS_TCP_LISTEN_CB) {
		int value = 0x5a5a5a5a;
		error = in_op(op, sk, [&](bpf_sock_ops& skops) {
			return bpf_getsockopt(skops, level, optname, &value, sizeof value);
		});
		return value;
	}
	int get(int level, int optname) { return get(tp, level, optname); }
	int error = 0;
};

} // namespace trap_test
