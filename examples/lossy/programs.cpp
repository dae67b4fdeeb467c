// SPDX-License-Identifier: MIT
// Handlers, as they would stand in a sock_ops program: no ns-3 in here.

#include "programs.hpp"

#include <string>

#include <sockops/hook/helpers.hpp>

namespace lossy {

using namespace sockops;

const char* side_of(std::uint32_t local_port) { return local_port == settings::port ? "server" : "client"; }

bpf_prog_ptr make_fleet_policy() {
	return make_bpf_prog("fleet_policy", [](bpf_sock_ops& skops) {
		switch (skops.op) {
		case BPF_SOCK_OPS_TIMEOUT_INIT:
			skops.reply = 50; // jiffies: 200 ms at 250 HZ
			break;
		case BPF_SOCK_OPS_RWND_INIT:
			skops.reply = 40; // packets
			break;
		case BPF_SOCK_OPS_TCP_CONNECT_CB:
		case BPF_SOCK_OPS_TCP_LISTEN_CB: // children inherit them
			bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTO_CB_FLAG | BPF_SOCK_OPS_RETRANS_CB_FLAG |
												 BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RTT_CB_FLAG);
			break;
		}
		return 1;
	});
}

namespace {

class web_tuning {
  public:
	explicit web_tuning(std::vector<sockopt_call>& log) : log_(&log) {}

	int operator()(bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_NEEDS_ECN)
			skops.reply = 1;
		if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) {
			set(skops, TCP_BPF_IW, "TCP_BPF_IW", 40);                       // packets
			set(skops, TCP_BPF_SNDCWND_CLAMP, "TCP_BPF_SNDCWND_CLAMP", 80); // packets
			set(skops, TCP_BPF_RTO_MIN, "TCP_BPF_RTO_MIN", 200'000);        // microseconds
			set_congestion(skops, "westwood"); // for losses that are no congestion
		}
		// A sender that waits 200 ms would time out on a lone segment whose ACK the receiver delays as long.
		if (skops.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
			set(skops, TCP_BPF_DELACK_MAX, "TCP_BPF_DELACK_MAX", 40'000); // microseconds
		return 1;
	}

  private:
	void set(bpf_sock_ops& skops, int option, const char* name, int value) {
		const int result = bpf_setsockopt(skops, sol::tcp, option, &value, sizeof value);
		int now = 0;
		const bool readable = bpf_getsockopt(skops, sol::tcp, option, &now, sizeof now) == 0;
		note(skops, name, std::to_string(value), result, readable ? std::to_string(now) : "");
	}
	void set_congestion(bpf_sock_ops& skops, const std::string& value) {
		const int result = bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, value.c_str(),
										  static_cast<int>(value.size()));
		char now[16] = {};
		(void)bpf_getsockopt(skops, sol::tcp, tcp_option::congestion, now, sizeof now);
		note(skops, "TCP_CONGESTION", value, result, now);
	}
	void note(bpf_sock_ops& skops, const char* option, std::string value, int result, std::string now) {
		log_->push_back(
			{side_of(skops.local_port), "web_tuning", option, std::move(value), result, std::move(now)});
	}

	std::vector<sockopt_call>* log_;
};

} // namespace

bpf_prog_ptr make_web_tuning(std::vector<sockopt_call>& log) {
	return make_bpf_prog("web_tuning", web_tuning(log));
}

} // namespace lossy
