// SPDX-License-Identifier: MIT
// A connection, headers to send and receive, and code to run as a program in an op that has a segment.
#pragma once

#include <algorithm>
#include <vector>

#include "support.hpp"

namespace trap_test {

using byte_list = std::vector<u8>;

/// A TCP header of 20 bytes and `options`, padded with `padding` to a multiple of 4, and its sk_buff.
struct header {
	byte_list bytes;
	sk_buff skb;

	explicit header(const byte_list& options = {}, u8 padding = tcpopt::nop)
		: bytes((tcp_header_size + options.size() + 3) / 4 * 4, padding) {
		std::fill_n(bytes.begin(), tcp_header_size, u8{0});
		std::copy(options.begin(), options.end(), bytes.begin() + tcp_header_size);
		finish();
	}
	header(const header&) = delete;
	header& operator=(const header&) = delete;

	/// A header with room for `size` more bytes of options, all 0xee.
	void add_room(u32 size) {
		bytes.resize(bytes.size() + size, 0xee);
		finish();
	}
	byte_list options() const { return {bytes.begin() + tcp_header_size, bytes.end()}; }

  private:
	void finish() {
		bytes[12] = static_cast<u8>(bytes.size() / 4 << 4);
		skb.data = bytes.data();
		skb.len = static_cast<u32>(bytes.size());
	}
};

struct header_options : testing::Test {
	one_socket on;
	tcp_sock& tp = on.sk;

	header_options() {
		tp.skc_state = TCP_ESTABLISHED;
		tp.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_ALL_CB_FLAGS;
	}

	/// Runs `body` as the only program for as long as `events` takes.
	template <class Body, class Events>
	void with_program(Body body, Events events) {
		const auto prog = make_bpf_prog("header_options", [&](bpf_sock_ops& skops) -> u32 {
			body(skops);
			return 1;
		});
		attach(*on.root, prog);
		events();
		detach(*on.root, prog);
	}
	/// In PARSE_HDR_OPT_CB of a segment with these options.
	template <class Body>
	void parsing(const byte_list& options, Body body) {
		header from(options, tcpopt::eol);
		with_program(body, [&] { bpf_skops_parse_hdr(tp, from.skb); });
	}
	/// In WRITE_HDR_OPT_CB, `reserved` bytes after these options. The options afterwards.
	template <class Body>
	byte_list writing(const byte_list& options, u32 reserved, Body body) {
		header to(options);
		to.add_room(reserved);
		with_program(body, [&] { bpf_skops_write_hdr_opt(tp, {.skb = &to.skb}, reserved); });
		return to.options();
	}
	/// In HDR_OPT_LEN_CB with this much room: what was reserved.
	template <class Body>
	u32 sizing(u32 remaining, Body body, const hdr_opt_segment& segment) {
		u32 reserved = 0;
		with_program(body, [&] { reserved = bpf_skops_hdr_opt_len(tp, segment, remaining); });
		return reserved;
	}
	template <class Body>
	u32 sizing(u32 remaining, Body body) {
		sk_buff payload;
		return sizing(remaining, body, {.skb = &payload});
	}
};

inline int store(bpf_sock_ops& skops, const byte_list& option, u64 flags = 0) {
	return bpf_store_hdr_opt(skops, option.data(), static_cast<u32>(option.size()), flags);
}
/// bpf_load_hdr_opt() into a buffer that is as long as `wanted`.
inline int load(bpf_sock_ops& skops, byte_list& wanted, u64 flags = 0) {
	return bpf_load_hdr_opt(skops, wanted.data(), static_cast<u32>(wanted.size()), flags);
}

/// What a load gives and leaves in the buffer.
struct loaded {
	int result;
	byte_list buffer;
	bool operator==(const loaded&) const = default;
};
inline void PrintTo(const loaded& what, std::ostream* out) {
	*out << what.result << ' ' << testing::PrintToString(what.buffer);
}
inline loaded load_with(bpf_sock_ops& skops, byte_list wanted, u64 flags = 0) {
	const int result = load(skops, wanted, flags);
	return {result, wanted};
}

} // namespace trap_test
