// SPDX-License-Identifier: MIT
#include "library_side.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <sockops/sockops.hpp>

#include <sockops/hook/tx_timestamps.hpp>

namespace sockopt_diff {

namespace {

using namespace sockops;

/// What the kernel has besides sockets: a list of congestion controls.
struct kernel_backend final : tcp_backend {
	const std::vector<std::string>& names;
	explicit kernel_backend(const surroundings& where) : names(where.congestion_controls) {}
	int set_congestion_control(tcp_sock&, const char* name) noexcept override {
		return std::find(names.begin(), names.end(), name) == names.end() ? -ENOENT : 0;
	}
};

int word_of(const step& from) {
	int value = 0;
	std::memcpy(&value, from.after.data(), std::min(sizeof value, from.after.size()));
	return value;
}

class stage {
  public:
	stage(const surroundings& where, const scene& answered)
		: what(answered), answers_(answered), backend_(where), in_(profile_of(where)) {
		std::copy_n(where.wmem, 3, in_.ipv4.sysctl_tcp_wmem);
		std::copy_n(where.rmem, 3, in_.ipv4.sysctl_tcp_rmem);
		in_.core.sysctl_wmem_max = where.wmem_max;
		in_.core.sysctl_rmem_max = where.rmem_max;
		in_.ipv4.sysctl_tcp_keepalive_time = static_cast<u32>(where.keepalive_time);
		in_.ipv4.sysctl_tcp_keepalive_intvl = static_cast<u32>(where.keepalive_intvl);
		in_.ipv4.sysctl_tcp_keepalive_probes = static_cast<u8>(where.keepalive_probes);
		in_.ipv4.sysctl_tcp_syn_retries = static_cast<u8>(where.syn_retries);
		in_.ipv4.sysctl_tcp_rto_max_ms = static_cast<u32>(where.rto_max_ms);
		in_.core.sysctl_txrehash = static_cast<u8>(where.txrehash);
		in_.ipv6.auto_flowlabels = static_cast<u8>(where.auto_flowlabels);
		auto& name = in_.ipv4.tcp_congestion_control;
		std::fill(std::begin(name), std::end(name), '\0');
		where.congestion_control.copy(name, sizeof name - 1);
		for (act& each : what.acts)
			each.done = false;
		find_syn();
		program_ = make_bpf_prog("script", [this](bpf_sock_ops& skops) { return run(skops); });
		(void)cgroup_bpf_attach(*root_, program_, attach_flags::allow_multi);
	}

	void listens();
	void connects();
	void accepts();

	scene what;

  private:
	static net_profile profile_of(const surroundings& where) {
		net_profile profile;
		profile.hz = static_cast<u32>(where.hz);
		return profile;
	}
	void find_syn();
	int run(bpf_sock_ops& skops);
	void be_told(const act& answered, tcp_sock& tp) const;
	void begin(tcp_sock& tp) {
		tp.skc_family = what.on == family::v4 ? af_inet : af_inet6;
		tp.skc_ipv6only = what.on == family::v6only;
		tp.backend = &backend_;
	}
	static void close(tcp_sock& tp);
	void header_options(tcp_sock& owner, request_sock* req);

	const scene& answers_;
	kernel_backend backend_;
	net in_;
	cgroup_root root_;
	bpf_prog_ptr program_;
	request_sock request_;
	bytes syn_bytes_;
	sk_buff syn_;
};

/// The SYN that the kernel saw, headers and all.
void stage::find_syn() {
	for (const act& each : answers_.acts)
		for (const step& one : each.steps)
			if (one.given && one.optname == TCP_BPF_SYN_MAC && one.result > 0)
				syn_bytes_.assign(one.after.begin(), one.after.begin() + one.result);
	if (syn_bytes_.empty())
		return;
	constexpr std::size_t mac = 14;
	const std::size_t ip = what.on == family::v4 ? 20 : 40;
	syn_.mac_header_len = mac;
	syn_.network_header_len = static_cast<u8>(ip);
	syn_.data = syn_bytes_.data() + mac + ip;
	syn_.len = static_cast<u32>(syn_bytes_.size() - mac - ip);
}

void stage::be_told(const act& answered, tcp_sock& tp) const {
	for (const step& each : answered.steps) {
		if (!each.given)
			continue;
		const auto value = static_cast<u32>(word_of(each));
		if (each.level == sol::tcp && each.optname == tcp_option::maxseg)
			tp.mss_cache = value;
		else if (each.level == sol::tcp && each.optname == tcp_option::window_clamp)
			tp.window_clamp = value;
		else if (each.level == sol::socket && each.optname == so_option::sndbuf)
			tp.sk_sndbuf = static_cast<int>(value);
		else if (each.level == sol::socket && each.optname == so_option::rcvbuf)
			tp.sk_rcvbuf = static_cast<int>(value);
	}
}

int stage::run(bpf_sock_ops& skops) {
	if (skops.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
		skops.kern().remaining_opt_len = static_cast<u8>(skops.kern().remaining_opt_len - what.reserve);
	for (std::size_t at = 0; at != what.acts.size(); ++at) {
		act& now = what.acts[at];
		if (now.done || now.op != skops.op || (now.new_state && now.new_state != skops.args[1]))
			continue;
		now.done = true;
		if (sk_fullsock(skops.kern().sk))
			be_told(answers_.acts[at], static_cast<tcp_sock&>(*skops.kern().sk));
		for (step& each : now.steps) {
			const int optlen = static_cast<int>(each.optval.size());
			if (each.get) {
				each.after = each.optval;
				each.result = bpf_getsockopt(skops, each.level, each.optname, each.after.data(), optlen);
			} else {
				each.result = bpf_setsockopt(skops, each.level, each.optname, each.optval.data(), optlen);
			}
		}
		break;
	}
	return 1;
}

/// A segment without payload: ops 14 and, if something was reserved, 15.
void stage::header_options(tcp_sock& owner, request_sock* req) {
	std::array<u8, 60> header{};
	sk_buff segment;
	segment.data = header.data();
	hdr_opt_segment out{&segment, req, req && syn_.data ? &syn_ : nullptr};
	const u32 reserved = bpf_skops_hdr_opt_len(owner, out, 20);
	header[12] = static_cast<u8>((20 + reserved) / 4 << 4);
	segment.len = 20 + reserved;
	bpf_skops_write_hdr_opt(owner, out, reserved);
}

void stage::listens() {
	scoped_tcp_sock tp(in_, *root_);
	begin(tp);
	(void)inet_listen(tp);
	tcp_set_state(tp, TCP_CLOSE);
}

void stage::connects() {
	scoped_tcp_sock tp(in_, *root_);
	begin(tp);
	tcp_set_state(tp, TCP_SYN_SENT);
	(void)tcp_connect(tp);
	header_options(tp, nullptr);
	tcp_finish_connect(tp);
	sk_buff tail;
	tcp_bpf_tx_sendmsg(tp, tail);
	tp.data_segs_out = 1;
	close(tp);
}

/// Closed, no process has it.
void stage::close(tcp_sock& tp) {
	tcp_set_state(tp, TCP_FIN_WAIT1);
	tp.sk_socket = false;
	for (const tcp_state next : {TCP_FIN_WAIT2, TCP_CLOSE})
		tcp_set_state(tp, next);
}

void stage::accepts() {
	scoped_tcp_sock listener(in_, *root_);
	begin(listener);
	(void)inet_listen(listener);
	request_sock& req = request_;
	inet_reqsk_init(req, &listener, in_);
	req.mss = 1460;
	(void)tcp_rwnd_init_bpf(&req);
	if (listener.save_syn && syn_.data)
		req.saved_syn.record(syn_, listener.save_syn == 2);
	(void)tcp_timeout_init(&req);
	header_options(listener, &req);
	scoped_tcp_sock child(listener, req);
	tcp_child_established(child);
	child.sk_socket = true;
	close(child);
	tcp_set_state(listener, TCP_CLOSE);
}

} // namespace

scene play_in_library(const surroundings& where, const scene& answered) {
	stage on(where, answered);
	switch (answered.what) {
	case shape::listens:
		on.listens();
		break;
	case shape::connects:
		on.connects();
		break;
	case shape::accepts:
		on.accepts();
		break;
	}
	return std::move(on.what);
}

std::vector<std::string> differences(const scene& wanted, const scene& got) {
	constexpr const char* families[] = {"IPv4", "IPv6", "IPv6 only"};
	std::vector<std::string> words;
	for (std::size_t at = 0; at != wanted.acts.size(); ++at) {
		const act &a = wanted.acts[at], &b = got.acts[at];
		const std::string where = wanted.name + ", " + families[static_cast<int>(wanted.on)] + ", op " +
								  std::to_string(a.op) + ": ";
		if (a.done != b.done) {
			words.push_back(where + (a.done ? "did not fire" : "fired"));
			continue;
		}
		for (std::size_t one = 0; a.done && one != a.steps.size(); ++one)
			if (a.steps[one].result != b.steps[one].result || a.steps[one].after != b.steps[one].after)
				words.push_back(where + "step " + std::to_string(one) + " is " + in_words(a.steps[one]) +
								", here " + in_words(b.steps[one]));
	}
	return words;
}

} // namespace sockopt_diff
