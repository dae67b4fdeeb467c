// SPDX-License-Identifier: MIT
// Header options under a fuzzer: any header, any sequence of helper calls. All bytes live in blocks of
// their exact size, so that AddressSanitizer sees each one that is read or written outside.
//
// Input: op, room / 4, length of the options and the options, length of the SYN's options and these, then
// calls: what, len, flags, and as many bytes as there are, up to len.

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

#include <sockops/sockops.hpp>

namespace {

using namespace sockops;

class reader {
  public:
	explicit reader(std::span<const u8> bytes) : left_(bytes) {}
	bool empty() const { return left_.empty(); }
	u8 byte() {
		if (left_.empty())
			return 0;
		const u8 first = left_[0];
		left_ = left_.subspan(1);
		return first;
	}
	std::span<const u8> bytes(std::size_t count) {
		const auto taken = left_.first(std::min(count, left_.size()));
		left_ = left_.subspan(taken.size());
		return taken;
	}

  private:
	std::span<const u8> left_;
};

void require(bool holds) {
	if (!holds)
		std::abort();
}

struct block {
	std::unique_ptr<u8[]> data;
	u32 size;
	block(std::span<const u8> bytes, u32 length) : data(new u8[length]()), size(length) {
		std::copy_n(bytes.begin(), std::min<std::size_t>(bytes.size(), length), data.get());
	}
	block(const block& other) : block({other.data.get(), other.size}, other.size) {}
	bool begins_like(const block& other, u32 count) const {
		return std::equal(data.get(), data.get() + count, other.data.get());
	}
};

/// A TCP header with these options and `room` bytes behind them; its data offset may lie.
block make_header(std::span<const u8> options, u32 room, u8 lie) {
	const u32 length = tcp_header_size + static_cast<u32>(options.size() / 4 * 4) + room;
	block header({}, length);
	std::copy_n(options.begin(), length - tcp_header_size - room, header.data.get() + tcp_header_size);
	std::fill_n(header.data.get() + length - room, room, u8{0xee});
	header.data[12] = static_cast<u8>((lie ? lie : length / 4) << 4);
	return header;
}

sk_buff segment_of(block& header) {
	sk_buff skb;
	skb.data = header.data.get();
	skb.len = header.size;
	return skb;
}

void check_store(bpf_sock_ops& skops, block& option, u64 flags) {
	const u8* const end_before = skops.skb_data_end;
	const u8 left_before = skops.kern().remaining_opt_len;
	const int result = bpf_store_hdr_opt(skops, option.data.get(), option.size, flags);
	const u32 stored = static_cast<u32>(left_before - skops.kern().remaining_opt_len);
	require(skops.skb_data_end == end_before + stored);
	require(result <= 0 && (result == 0 || stored == 0));
	if (result == 0)
		require(stored == option.data[1] && std::equal(end_before, end_before + stored, option.data.get()));
}

void check_load(bpf_sock_ops& skops, block& wanted, u64 flags) {
	const block before(wanted);
	const int result = bpf_load_hdr_opt(skops, wanted.data.get(), wanted.size, flags);
	if (result >= 0)
		require(result >= 2 && result <= static_cast<int>(wanted.size) && wanted.data[1] == result);
	if (result >= 0 || result == -ENOSPC)
		require(wanted.data[0] == before.data[0]);
	else
		require(wanted.begins_like(before, wanted.size));
	if (result == -ENOSPC)
		require(wanted.data[1] > wanted.size);
}

void make_call(bpf_sock_ops& skops, reader& input) {
	const u8 what = input.byte(), len = input.byte(), flag = input.byte();
	const u64 flags = flag < 2 ? flag : u64{flag} << (flag % 60);
	if (what % 3 == 0) {
		const u8 before = skops.kern().remaining_opt_len;
		const int result = bpf_reserve_hdr_opt(skops, len, flags);
		require(before == skops.kern().remaining_opt_len + (result == 0 ? len : 0));
		return;
	}
	block bytes(input.bytes(len), len);
	what % 3 == 1 ? check_store(skops, bytes, flags) : check_load(skops, bytes, flags);
}

void fire(tcp_sock& tp, u8 op, sk_buff& skb, u32 room) {
	switch (op % 5) {
	case 0:
		return bpf_skops_parse_hdr(tp, skb);
	case 1: {
		const u32 reserved = bpf_skops_hdr_opt_len(tp, {.skb = &skb}, room);
		require(reserved <= room && reserved % 4 == 0);
		return;
	}
	case 2:
		return bpf_skops_established(tp, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, &skb);
	case 3:
		return (void)tcp_call_bpf(&tp, op % 25, 0, nullptr);
	default:
		return bpf_skops_write_hdr_opt(tp, {.skb = &skb}, room);
	}
}

void run(reader& input) {
	const u8 op = input.byte(), shape = input.byte();
	const u32 room = shape % 11 * 4;
	const bool writes = op % 5 == 4;
	const auto options = input.bytes(input.byte() % (writes ? 41 - room : 41));
	block header = make_header(options, writes ? room : 0, writes ? 0 : shape >> 4);
	block syn = make_header(input.bytes(input.byte() % 41), 0, 0);
	const block before(header);
	sk_buff skb = segment_of(header), syn_skb = segment_of(syn);

	net in;
	cgroup_root root;
	scoped_tcp_sock sk(in, *root);
	sk.skc_state = TCP_ESTABLISHED;
	sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_ALL_CB_FLAGS;
	if (shape & 1)
		sk.saved_syn.record(syn_skb, false);
	(void)tcp_saw_unknown_option(skb);
	const u8 answer = shape % 13 != 0;
	const auto calls = make_bpf_prog("calls", [&](bpf_sock_ops& skops) {
		while (!input.empty())
			make_call(skops, input);
		return answer;
	});
	require(cgroup_bpf_attach(*root, calls) == 0);
	fire(sk, op, skb, room);
	require(header.begins_like(before, header.size - (writes ? room : 0)));
	for (u32 at = header.size - room; writes && answer == 0 && at != header.size; ++at)
		require(header.data[at] == tcpopt::nop);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
	reader input({data, size});
	run(input);
	return 0;
}
