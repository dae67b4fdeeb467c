// SPDX-License-Identifier: MIT
// Keeping the headers of a SYN.

#include <sockops/net/saved_syn.hpp>

#include <cstring>

#include "../kern/alloc.hpp"

namespace sockops {

void saved_syn_ptr::record(const sk_buff& syn, bool with_mac) noexcept {
	held_.reset();
	const u32 mac = with_mac ? syn.mac_header_len : 0u;
	const u32 before_tcp = mac + syn.network_header_len;
	const u32 total = before_tcp + syn.tcp_header_len();
	std::unique_ptr<u8[]> bytes(new (std::nothrow) u8[total]);
	if (!bytes)
		return;
	std::memcpy(bytes.get(), syn.data - before_tcp, total);
	held_.reset(detail::make<saved_syn>(
		saved_syn{mac, syn.network_header_len, syn.tcp_header_len(), std::move(bytes)}));
}

} // namespace sockops
