// SPDX-License-Identifier: MIT
// What a segment's header options cost, and what a program pays for reading a field.

#include "option_rows.hpp"

#include <array>

#include "rows.hpp"

namespace bench {

namespace {

using namespace sockops;

constexpr std::array<u8, 4> our_option{254, 4, 0xca, 0xfe};
constexpr u32 timestamps = 12, room = max_tcp_option_space - timestamps;

void reserve_and_store(bpf_sock_ops& skops) {
	if (skops.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
		(void)bpf_reserve_hdr_opt(skops, our_option.size(), 0);
	else if (skops.op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB)
		(void)bpf_store_hdr_opt(skops, our_option.data(), our_option.size(), 0);
}

void load(bpf_sock_ops& skops) {
	if (skops.op != BPF_SOCK_OPS_PARSE_HDR_OPT_CB)
		return;
	std::array<u8, 4> option = our_option;
	if (bpf_load_hdr_opt(skops, option.data(), option.size(), 0) != 4)
		internal_error("hdr_opt_flow", "the option has not arrived");
}

/// A connection with N programs: one that does both, or one that stores, one that loads, and others.
class segment_fixture {
  public:
	explicit segment_fixture(std::size_t programs) {
		sk_.skc_state = TCP_ESTABLISHED;
		if (programs == 0)
			return;
		sk_.bpf_sock_ops_cb_flags =
			BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG | BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG;
		if (programs == 1)
			attach(make_bpf_prog("both", [](bpf_sock_ops& skops) {
				reserve_and_store(skops);
				load(skops);
				return 1;
			}));
		else {
			attach(make_bpf_prog("stores", [](bpf_sock_ops& skops) { return reserve_and_store(skops), 1; }));
			attach(make_bpf_prog("loads", [](bpf_sock_ops& skops) { return load(skops), 1; }));
		}
		for (std::size_t i = 2; i < programs; ++i) {
			bpf_prog_inc(&program(i));
			attach(bpf_prog_ptr::adopt(&program(i)));
		}
	}

	/// Sized, written and parsed.
	void one_segment() {
		sk_buff payload;
		const u32 reserved = bpf_skops_hdr_opt_len(sk_, {.skb = &payload}, room);
		sk_buff segment;
		segment.data = header_.data();
		segment.len = tcp_header_size + timestamps + reserved;
		header_[12] = static_cast<u8>(segment.len / 4 << 4);
		bpf_skops_write_hdr_opt(sk_, {.skb = &segment}, reserved);
		bpf_skops_parse_hdr(sk_, segment);
	}

  private:
	void attach(const bpf_prog_ptr& prog) {
		if (const int error = cgroup_bpf_attach(*root_, prog))
			internal_error("bench", "attach: %d", error);
	}

	net net_;
	cgroup_root root_;
	scoped_tcp_sock sk_{net_, *root_};
	std::array<u8, 60> header_ = [] {
		std::array<u8, 60> header{};
		header[20] = header[21] = tcpopt::nop;
		header[22] = tcpopt::timestamp;
		header[23] = 10;
		return header;
	}();
};

void hdr_opt_flow(benchmark::State& state) {
	segment_fixture with(static_cast<std::size_t>(state.range(0)));
	for (auto _ : state) {
		with.one_segment();
		benchmark::ClobberMemory();
	}
}

/// A loop that reads a field of the same context; with no field, the loop alone.
template <auto... Field>
void field_read(benchmark::State& state) {
	net in;
	cgroup_root root;
	scoped_tcp_sock sk(in, *root);
	bpf_sock_ops_kern ctx{};
	ctx.sk = &sk;
	ctx.is_fullsock = ctx.is_locked_tcp_sock = 1;
	bpf_sock_ops_kern* at = &ctx;
	for (auto _ : state) {
		benchmark::DoNotOptimize(at);
		u64 value = (u64{0} + ... + u64{+(bpf_sock_ops(*at).*Field)});
		benchmark::DoNotOptimize(value);
	}
}

} // namespace

void register_option_rows() {
	benchmark::RegisterBenchmark("hdr_opt_flow", hdr_opt_flow)->Arg(0)->Arg(1)->Arg(8);
	benchmark::RegisterBenchmark("field_read/none", field_read<>);
	benchmark::RegisterBenchmark("field_read/op", field_read<&bpf_sock_ops::op>);
	benchmark::RegisterBenchmark("field_read/remote_port", field_read<&bpf_sock_ops::remote_port>);
	benchmark::RegisterBenchmark("field_read/snd_cwnd", field_read<&bpf_sock_ops::snd_cwnd>);
	benchmark::RegisterBenchmark("field_read/sk_txhash", field_read<&bpf_sock_ops::sk_txhash>);
	benchmark::RegisterBenchmark("field_read/bytes_acked", field_read<&bpf_sock_ops::bytes_acked>);
}

} // namespace bench
