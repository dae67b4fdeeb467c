// SPDX-License-Identifier: MIT
// Looking through a header's options.

#include <sockops/net/tcp_options.hpp>

namespace sockops {

namespace {

/// `size` bytes from `option` on are one option, of more than one byte.
bool is_known(const u8* option, u8 size) noexcept {
	switch (option[0]) {
	case tcpopt::mss:
	case tcpopt::window:
	case tcpopt::sack_perm:
	case tcpopt::sack:
	case tcpopt::timestamp:
	case tcpopt::md5sig:
	case tcpopt::ao:
	case tcpopt::fastopen:
		return true;
	case tcpopt::exp: // TCP Fast Open's old form, by its magic
		return size >= 4 && option[2] == 0xf9 && option[3] == 0x89;
	default:
		return false;
	}
}

} // namespace

bool tcp_saw_unknown_option(const sk_buff& skb) noexcept {
	const u8* at = skb.data + tcp_header_size;
	const u8* const end = skb.data + skb.tcp_header_len();
	while (at < end && *at != tcpopt::eol) {
		if (*at == tcpopt::nop) {
			++at;
			continue;
		}
		if (end - at < 2 || at[1] < 2 || at[1] > end - at)
			return false;
		if (!is_known(at, at[1]))
			return true;
		at += at[1];
	}
	return false;
}

} // namespace sockops
