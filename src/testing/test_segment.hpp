// SPDX-License-Identifier: MIT
// A header with options, as if it had been received.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include <sockops/kern/containers.hpp>
#include <sockops/net/sk_buff.hpp>
#include <sockops/net/tcp_options.hpp>

namespace sockops::testing {

/// It points to itself, and stays where it is.
struct test_segment {
	/// `options`: at most max_tcp_option_space bytes; they are padded with zeroes, which end them.
	test_segment(const std::vector<u8>& options, u8 flags) {
		const u32 area = (static_cast<u32>(options.size()) + 3) / 4 * 4;
		std::copy(options.begin(), options.end(), bytes.begin() + tcp_header_size);
		bytes[12] = static_cast<u8>((tcp_header_size + area) / 4 << 4);
		bytes[13] = flags;
		skb.data = bytes.data();
		skb.len = tcp_header_size + area;
		skb.tcp_flags = flags;
	}
	test_segment(const test_segment&) = delete;
	test_segment& operator=(const test_segment&) = delete;

	std::array<u8, tcp_header_size + max_tcp_option_space> bytes{};
	sk_buff skb{};
};

} // namespace sockops::testing
