// SPDX-License-Identifier: MIT
// A TCP stack of one's own, hooked: everything a stack has to do, with a stack that does nothing
// else. It "sends" by printing; the programs decide what it prints.
//
//   1. embed tcp_sock            struct connection
//   2. say what you can do       struct backend
//   3. tell what happens         the calls of tcp_events.hpp, at the places the kernel has them

#include <cstdio>
#include <cstring>

#include <sockops/sockops.hpp>

// No `using namespace sockops`: many of its names are global, too, after <linux/bpf.h> or <netinet/tcp.h>.
namespace {
using sockops::net, sockops::cgroup, sockops::tcp_sock, sockops::request_sock, sockops::sk_buff;
using sockops::u8, sockops::u16, sockops::u32;

// --- the stack ----------------------------------------------------------------------------------

/// What the stack lets programs change beyond the fields of tcp_sock.
struct backend final : sockops::tcp_backend {
	int set_congestion_control(tcp_sock&, const char* name) noexcept override {
		return std::strcmp(name, "cubic") == 0 || std::strcmp(name, "reno") == 0 ? 0 : -ENOENT;
	}
	void sockopt_set(tcp_sock& tp, int, int optname) noexcept override {
		if (optname == sockops::TCP_BPF_IW)
			std::printf("  stack: initial window is now %u packets\n", tp.snd_cwnd);
	}
} stack_backend;

constexpr u16 mss = 1460;

struct connection : sockops::scoped_tcp_sock {
	connection(net& in, cgroup& cgrp, u16 port) : scoped_tcp_sock(in, cgrp) {
		skc_num = port;
		mss_cache = mss;
		backend = &stack_backend;
	}
	connection(const tcp_sock& listener, request_sock& req) : scoped_tcp_sock(listener, req) {}
};

void send_syn(connection& c, u16 to) {
	tcp_set_state(c, sockops::TCP_SYN_SENT);
	c.skc_dport = sockops::cpu_to_be16(to);
	const sockops::tcp_syn_params syn = tcp_connect(c);
	std::printf("SYN: again after %llu ms, window %u bytes%s\n",
				static_cast<unsigned long long>(jiffies_to_msecs(*c.skc_net, syn.timeout)),
				syn.rwnd_packets ? syn.rwnd_packets * mss : 65535, syn.ecn ? ", asks for ECN" : "");
}

void syn_timer(connection& c) {
	(void)tcp_retransmit_timer(c, [&] { return tcp_retransmit_skb(c, 0, 1, 0, [] { return 0; }); });
}

void receive_syn(request_sock& req, connection& listener, u16 from, bool asks_ecn) {
	inet_reqsk_init(req, &listener, *listener.skc_net);
	req.skc_dport = sockops::cpu_to_be16(from);
	req.mss = mss;
	const sockops::tcp_syn_params reply = tcp_conn_request(req, {.syn_asks = asks_ecn});
	std::printf("SYN-ACK: window %u bytes%s\n", reply.rwnd_packets ? reply.rwnd_packets * mss : 65535,
				reply.ecn ? ", ECN accepted" : "");
	(void)tcp_synack_ect(req, false);
}

/// RFC 6298 with the kernel's units: microseconds << 3.
void measure_rtt(connection& c, u32 rtt_us) {
	tcp_rtt_sample(c, rtt_us, c.srtt_us ? c.srtt_us - (c.srtt_us >> 3) + rtt_us : rtt_us << 3);
}

/// Payload of 5 bytes behind a header that is as long as the programs want it.
void send_data(connection& c) {
	u8 bytes[60] = {}, data[] = {'h', 'e', 'l', 'l', 'o'};
	sk_buff payload{.data = data, .len = sizeof data, .tcp_flags = sockops::TCPHDR_ACK | sockops::TCPHDR_PSH};
	const sockops::tcp_out_options options = tcp_established_options(c, &payload, 0); // no options of our own
	const u32 header = sockops::tcp_header_size + options.size;
	bytes[12] = static_cast<u8>(header / 4 << 4); // the data offset counts what programs write
	sk_buff segment{.data = bytes, .len = header, .tcp_flags = payload.tcp_flags};
	bpf_skops_write_hdr_opt(c, {.skb = &segment}, options.bpf_opt_len);
	std::printf("data: a header of %u bytes, %u of them by programs\n", header, options.bpf_opt_len);
}

// --- the programs -------------------------------------------------------------------------------

int tune(sockops::bpf_sock_ops& skops) {
	using enum sockops::bpf_sock_ops_op;
	const int first_packets = 40;
	switch (skops.op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		skops.reply = 50; // jiffies: 200 ms at 250 HZ
		break;
	case BPF_SOCK_OPS_RWND_INIT:
		skops.reply = 10; // packets
		break;
	case BPF_SOCK_OPS_NEEDS_ECN:
		skops.reply = 1;
		break;
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB: // children inherit the flags
		bpf_sock_ops_cb_flags_set(skops, sockops::BPF_SOCK_OPS_ALL_CB_FLAGS);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		return bpf_reserve_hdr_opt(skops, 4, 0) == 0;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		return bpf_store_hdr_opt(skops, "\xfd\x04\xeb\x9f", 4, 0) == 0; // kind 253, experiment eb9f
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		bpf_setsockopt(skops, sockops::sol::tcp, sockops::TCP_BPF_IW, &first_packets, sizeof first_packets);
	}
	return 1;
}

int log_calls(sockops::bpf_sock_ops& skops) {
	std::printf("  %-22s state %-12s args %u %u %u\n", sockops::op_name(skops.op),
				sockops::tcp_state_name(skops.state), skops.args[0], skops.args[1], skops.args[2]);
	return 1;
}

} // namespace

int main() {
	net in;
	sockops::cgroup_root root;
	cgroup& apps = root.make("/apps");
	if (cgroup_bpf_attach(*root, sockops::make_bpf_prog("log", log_calls)) != 0 ||
		cgroup_bpf_attach(apps, sockops::make_bpf_prog("tune", tune)) != 0) // runs before the root's
		return 1;

	connection listener(in, apps, 80);
	(void)inet_listen(listener); // closed until now, so it cannot fail
	connection client(in, apps, 40000);
	send_syn(client, 80);
	syn_timer(client);

	request_sock req;
	receive_syn(req, listener, 40000, true);
	measure_rtt(client, 20'000);
	tcp_finish_connect(client);

	connection child(listener, req);
	measure_rtt(child, 20'000);
	tcp_child_established(child);

	send_data(client);
	using enum sockops::tcp_state;
	for (auto next : {TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_CLOSE}) // TIME_WAIT has a socket of its own
		tcp_set_state(client, next);
	for (auto next : {TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_CLOSE})
		tcp_set_state(child, next);
	tcp_set_state(listener, TCP_CLOSE);
}
