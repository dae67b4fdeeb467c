// SPDX-License-Identifier: MIT
// What a user's code makes of the headers' templates, under a user's warnings. Compiled after all of them.
#include <sockops/sockops.hpp>
#include <sockops/trace/trace.hpp>

namespace {

using namespace sockops;

struct counts {
	u32 calls;
};

struct backend final : tcp_backend {
	int set_congestion_control(tcp_sock&, const char*) noexcept override { return -ENOENT; }
};

template <class Release>
unsigned a_connection(net& in, cgroup& cgrp) {
	using hook = tcp_hook<Release>;
	backend mine;
	scoped_tcp_sock sk(in, cgrp);
	sk.backend = &mine;
	(void)hook::inet_listen(sk);
	request_sock req;
	inet_reqsk_init(req, &sk, in);
	(void)hook::tcp_conn_request(req, {.syn_asks = true});
	hook::tcp_set_state(sk, TCP_SYN_SENT);
	(void)hook::tcp_retransmit_timer(sk,
									 [&] { return hook::tcp_retransmit_skb(sk, 0, 1, 0, [] { return 0; }); });
	hook::tcp_rtt_sample(sk, 10, 80);
	u8 header[24] = {};
	sk_buff segment{.data = header, .len = sizeof header};
	const tcp_out_options options = hook::tcp_established_options(sk, &segment, 0);
	hook::bpf_skops_write_hdr_opt(sk, {.skb = &segment}, options.bpf_opt_len);
	return hook::tcp_connect(sk).timeout;
}

} // namespace

int main() {
	net in(net_profile::linux_5_0());
	cgroup_root root;
	const sk_storage<counts> conns(sk_storage_clone::yes);
	const sockhash<u64> peers(10);
	const sockmap fixed(10);
	const auto prog = make_bpf_prog("p", [=](bpf_sock_ops& skops) {
		if (counts* const of = conns.get(skops.sk, sk_storage_create::yes))
			++of->calls;
		const int window = 10;
		int got = 0;
		skops.reply = skops.reply + skops.snd_cwnd;
		skops.sk_txhash = skops.args[1] ^ skops.remote_ip6[3];
		return bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &window, sizeof window) == 0 &&
			   bpf_getsockopt(skops, sol::tcp, tcp_option::maxseg, &got, sizeof got) == 0 &&
			   peers.update(skops, u64{+skops.remote_port}) == 0 && fixed.update(skops, 1) == 0 &&
			   bpf_trace_printk(skops, "%d %u %llu", got, +skops.op, u64{1}) == 0;
	});
	const bpf_link link(*root, prog);
	return link && a_connection<default_release>(in, *root) == a_connection<traced<release_5_2>>(in, *root)
			   ? 0
			   : 1;
}
