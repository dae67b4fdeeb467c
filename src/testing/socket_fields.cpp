// SPDX-License-Identifier: MIT
#include <sockops/testing/socket_fields.hpp>

#include "ip_text.hpp"
#include "socket_field_table.hpp"

namespace sockops::testing {

namespace {

using form = socket_field::form;
using fields = socket_fields;

constexpr u64 most_u32 = ~0u, most_u64 = ~u64{0};

constexpr socket_field table[] = {
	{"state", form::state, TCP_MAX_STATES - 1, [](fields& into, u64 v) { into.state = static_cast<u8>(v); },
	 [](tcp_sock& sk, const fields& of) { sk.skc_state = of.state; }},
	{"local", form::address, 0, nullptr, nullptr},
	{"remote", form::address, 0, nullptr, nullptr},
	{"cb_flags", form::flags, 0xff, [](fields& into, u64 v) { into.cb_flags = static_cast<u8>(v); },
	 [](tcp_sock& sk, const fields& of) { sk.bpf_sock_ops_cb_flags = of.cb_flags; }},
	{"mss", form::number, 0xffff, [](fields& into, u64 v) { into.mss = static_cast<u32>(v); },
	 [](tcp_sock& sk, const fields& of) { sk.mss_cache = of.mss; }},
	{"snd_cwnd", form::number, most_u32, [](fields& into, u64 v) { into.snd_cwnd = static_cast<u32>(v); },
	 [](tcp_sock& sk, const fields& of) { sk.snd_cwnd = of.snd_cwnd; }},
	{"srtt_us", form::number, most_u32 >> 3, [](fields& into, u64 v) { into.srtt_us = static_cast<u32>(v); },
	 [](tcp_sock& sk, const fields& of) { sk.srtt_us = of.srtt_us << 3; }},
	{"total_retrans", form::number, most_u32,
	 [](fields& into, u64 v) { into.total_retrans = static_cast<u32>(v); },
	 [](tcp_sock& sk, const fields& of) { sk.total_retrans = of.total_retrans; }},
	{"bytes_acked", form::number, most_u64, [](fields& into, u64 v) { into.bytes_acked = v; },
	 [](tcp_sock& sk, const fields& of) { sk.bytes_acked = of.bytes_acked; }},
	{"bytes_received", form::number, most_u64, [](fields& into, u64 v) { into.bytes_received = v; },
	 [](tcp_sock& sk, const fields& of) { sk.bytes_received = of.bytes_received; }},
	{"cgroup", form::cgroup, 0, nullptr, nullptr},
};
static_assert(std::size(table) <= 32); // bits of `given`

} // namespace

std::span<const socket_field> socket_field_table() noexcept { return table; }

void set_addresses(sock_common& sk, const socket_fields& with) {
	const bool is_v6 = is_ipv6_text(with.local_ip) || is_ipv6_text(with.remote_ip);
	sk.skc_family = is_v6 ? af_inet6 : af_inet;
	sk.skc_num = with.local_port;
	sk.skc_dport = cpu_to_be16(with.remote_port);
	if (is_v6) {
		sk.skc_v6_rcv_saddr = read_ipv6(with.local_ip);
		sk.skc_v6_daddr = read_ipv6(with.remote_ip);
	} else {
		sk.skc_rcv_saddr = read_ipv4(with.local_ip);
		sk.skc_daddr = read_ipv4(with.remote_ip);
	}
}

void set_fields(tcp_sock& sk, const socket_fields& with, u32 given) {
	bool has_address = false;
	for (const socket_field& each : table) {
		const bool is_given = given >> (&each - table) & 1;
		if (is_given && each.set)
			each.set(sk, with);
		has_address |= is_given && each.is == form::address;
	}
	if (has_address)
		set_addresses(sk, with);
}

void set_fields(tcp_sock& sk, const socket_fields& with) { set_fields(sk, with, most_u32); }

} // namespace sockops::testing
