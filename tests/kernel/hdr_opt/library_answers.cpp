// SPDX-License-Identifier: MIT
// The calls of a run, made by a program of this library through its call sites.
#include <sockops/sockops.hpp>

#include "run.hpp"

namespace hdr_opt {

namespace {

using namespace sockops;

/// A socket, its request if it has one, and the segment, as the situation says.
struct stage {
	const situation& in;
	net network;
	cgroup_root root;
	scoped_tcp_sock sk{network, *root};
	request_sock req;
	byte_list header, syn;
	sk_buff segment, syn_segment;

	explicit stage(const situation& given) : in(given), header(in.header), syn(in.syn.value_or(byte_list{})) {
		sk.skc_state = TCP_ESTABLISHED;
		sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_ALL_CB_FLAGS;
		inet_reqsk_init(req, &sk, network);
		if (in.op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB)
			header.resize(header.size() + in.room, 0xee);
		point(segment, header);
		point(syn_segment, syn);
		if (in.syn && in.fullsock)
			sk.saved_syn.record(syn_segment, false);
		else if (in.syn && !is_header_op())
			req.saved_syn.record(syn_segment, false);
	}

	outcome fire(outcome result);

  private:
	static void point(sk_buff& at, byte_list& bytes) {
		at.data = bytes.data();
		at.len = static_cast<u32>(bytes.size());
	}
	bool is_header_op() const {
		return in.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB || in.op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB;
	}
	hdr_opt_segment outgoing() {
		hdr_opt_segment to;
		to.skb = in.has_segment ? &segment : nullptr;
		to.req = in.fullsock ? nullptr : &req;
		to.syn_skb = in.fullsock || !in.syn ? nullptr : &syn_segment;
		return to;
	}
};

outcome stage::fire(outcome result) {
	switch (in.op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		bpf_skops_established(sk, static_cast<bpf_sock_ops_op>(in.op), in.has_segment ? &segment : nullptr);
		break;
	case BPF_SOCK_OPS_PARSE_HDR_OPT_CB:
		bpf_skops_parse_hdr(sk, segment);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		result.reserved = bpf_skops_hdr_opt_len(sk, outgoing(), in.room);
		break;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		bpf_skops_write_hdr_opt(sk, outgoing(), in.room);
		result.options = byte_list(header.begin() + tcp_header_size, header.end());
		break;
	default:
		(void)tcp_call_bpf(in.fullsock ? static_cast<sock_common*>(&sk) : &req, static_cast<int>(in.op), 0,
						   nullptr);
	}
	return result;
}

answer make(bpf_sock_ops& skops, const call& asked) {
	answer got{0, asked.bytes};
	switch (asked.what) {
	case what::reserve:
		got.result = bpf_reserve_hdr_opt(skops, asked.len, asked.flags);
		break;
	case what::store:
		got.result = bpf_store_hdr_opt(skops, got.bytes.data(), asked.len, asked.flags);
		break;
	case what::load:
		got.result = bpf_load_hdr_opt(skops, got.bytes.data(), asked.len, asked.flags);
		break;
	}
	return got;
}

} // namespace

outcome answer_here(const situation& in, const std::vector<call>& calls) {
	stage on(in);
	outcome result;
	const auto makes_calls = make_bpf_prog("makes_calls", [&](bpf_sock_ops& skops) {
		for (const call& each : calls)
			result.answers.push_back(make(skops, each));
		return 1;
	});
	if (cgroup_bpf_attach(*on.root, makes_calls) != 0)
		return {};
	outcome after = on.fire({});
	after.answers = std::move(result.answers);
	after.answers.resize(calls.size());
	return after;
}

} // namespace hdr_opt
