// SPDX-License-Identifier: MIT
// Where BASE_RTT is asked. Stock kernels have no tcp_nv, its only caller; these sequences are what a
// Linux 6.1 with it printed (tests/kernel/uml/run.sh), each op with the state in which it came.

#include "support.hpp"

namespace {

using namespace trap_test;

/// A stack's congestion controls: cubic, reno, and nv, which asks.
struct nv_backend final : tcp_backend {
	int set_congestion_control(tcp_sock&, const char* name) noexcept override {
		const std::string_view known = name;
		return known == "nv" || known == "reno" || known == "cubic" ? 0 : -ENOENT;
	}
	void init_congestion_control(tcp_sock& tp) noexcept override {
		if (std::string_view(congestion_control(tp)) == "nv")
			base = tcp_nv_init(tp);
	}
	tcp_nv_base base{};
};

struct nv_connection {
	net in;
	cgroup_root root;
	nv_backend stack;
	scoped_tcp_sock client{in, *root}, listener{in, *root};
	std::string log;

	/// Sets nv at `set_nv_at`; in BASE_RTT tries to change it again, if `reenter`.
	explicit nv_connection(u32 set_nv_at = 0, bool reenter = false) {
		client.backend = listener.backend = &stack;
		attach(*root, make_bpf_prog("logs", [=, this](bpf_sock_ops& skops) {
			std::string name = op_name(skops.op);
			if (name.ends_with("_CB"))
				name.resize(name.size() - 3);
			log += (log.empty() ? "" : " ") + name + '/' + std::to_string(static_cast<u32>(skops.state));
			if (skops.op == BPF_SOCK_OPS_BASE_RTT) {
				if (reenter)
					log += '[' + std::to_string(set_congestion(skops, "reno")) + ']';
				skops.reply = 12345;
			}
			if (skops.op == set_nv_at) {
				EXPECT_EQ(set_congestion(skops, "nv"), 0);
			}
			return 1;
		}));
	}
	static int set_congestion(bpf_sock_ops& skops, const std::string& name) {
		return bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, name.c_str(),
							  static_cast<int>(name.size() + 1));
	}
	std::string active_open() {
		log.clear();
		tcp_set_state(client, TCP_SYN_SENT);
		(void)tcp_connect(client);
		tcp_finish_connect(client);
		return log;
	}
	void use_nv(tcp_sock& sk) { std::strcpy(sk.icsk_ca_name, "nv"); }
};

TEST(base_rtt, is_asked_when_the_connection_is_established) {
	nv_connection on;
	on.use_nv(on.client);
	EXPECT_EQ(on.active_open(),
			  "TCP_CONNECT/2 RWND_INIT/2 TIMEOUT_INIT/2 NEEDS_ECN/2 ACTIVE_ESTABLISHED/1 BASE_RTT/1");
	EXPECT_EQ(on.stack.base.base_rtt, 12345u);
	EXPECT_EQ(on.stack.base.lower_bound, 12345u * 205 >> 8);
}

TEST(trap_36, set_in_active_established_asks_inside_that_call_and_not_again) {
	nv_connection on(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB);
	EXPECT_EQ(on.active_open(),
			  "TCP_CONNECT/2 RWND_INIT/2 TIMEOUT_INIT/2 NEEDS_ECN/2 ACTIVE_ESTABLISHED/1 BASE_RTT/1");
}

TEST(trap_36, a_change_inside_the_nested_call_is_busy) {
	nv_connection on(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, true);
	EXPECT_EQ(on.active_open(),
			  "TCP_CONNECT/2 RWND_INIT/2 TIMEOUT_INIT/2 NEEDS_ECN/2 ACTIVE_ESTABLISHED/1 BASE_RTT/1[-16]");
	EXPECT_STREQ(on.client.icsk_ca_name, "nv");
}

TEST(base_rtt, set_in_connect_asks_in_syn_sent_and_not_again) {
	nv_connection on(BPF_SOCK_OPS_TCP_CONNECT_CB);
	EXPECT_EQ(on.active_open(),
			  "TCP_CONNECT/2 BASE_RTT/2 RWND_INIT/2 TIMEOUT_INIT/2 NEEDS_ECN/2 ACTIVE_ESTABLISHED/1");
}

TEST(base_rtt, of_a_child_comes_after_passive_established_in_syn_recv) {
	nv_connection on;
	on.use_nv(on.listener);
	request_sock req;
	inet_reqsk_init(req, &on.listener, on.in);
	scoped_tcp_sock child(on.listener, req);
	tcp_child_established(child);
	EXPECT_EQ(on.log, "PASSIVE_ESTABLISHED/3 BASE_RTT/3");
}

TEST(base_rtt, without_an_answer_nv_measures) {
	nv_connection on;
	on.use_nv(on.client);
	attach(*on.root, make_bpf_prog("gate", [](bpf_sock_ops&) { return 0; }));
	(void)on.active_open();
	EXPECT_EQ(on.stack.base.base_rtt, 0u);
	EXPECT_EQ(on.stack.base.lower_bound, 0u);
}

TEST(disconnect, keeps_the_flags_and_the_next_connect_starts_the_congestion_control_again) {
	nv_connection on;
	on.use_nv(on.client);
	(void)on.active_open();
	on.client.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_STATE_CB_FLAG;
	on.client.total_retrans = 3;
	on.log.clear();
	tcp_disconnect(on.client);
	EXPECT_EQ(on.log, "STATE/1");
	EXPECT_EQ(on.client.total_retrans, 0u);
	EXPECT_EQ(on.active_open(), "STATE/7 TCP_CONNECT/2 RWND_INIT/2 TIMEOUT_INIT/2 NEEDS_ECN/2 STATE/2 "
								"ACTIVE_ESTABLISHED/1 BASE_RTT/1");
}

} // namespace
