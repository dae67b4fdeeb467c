// SPDX-License-Identifier: MIT
// Socket options: the application's, and what programs may set beyond fields.

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "../option_names.hpp"
#include "stack.hpp"

namespace sockops::testing::model {

namespace {

struct model_backend final : tcp_backend {
	/// How they differ is not modelled.
	int set_congestion_control(tcp_sock& tp, const char* name) noexcept override {
		return static_cast<const connection&>(tp).knows_congestion_control(name) ? 0 : -ENOENT;
	}
	void init_congestion_control(tcp_sock& tp) noexcept override {
		if (std::strcmp(tp.icsk_ca_name, "nv") == 0)
			(void)hook::tcp_bpf_base_rtt(tp);
	}
	int setsockopt(tcp_sock& tp, int level, int optname, const void* optval, int optlen) noexcept override {
		int value = 0;
		if (optlen != sizeof value)
			return -EINVAL;
		std::memcpy(&value, optval, sizeof value);
		if (level != sol::socket || optname != so_option::sk_bpf_cb_flags || value & ~SK_BPF_CB_MASK)
			return -EINVAL;
		tp.sk_bpf_cb_flags = static_cast<u8>(value);
		return 0;
	}
} the_backend;

} // namespace

void connection::set_option(const timeline_sockopt& option) {
	backend = &the_backend;
	if (option.level != sol::tcp)
		return;
	const bool on = option.value != 0;
	switch (option.name) {
	case tcp_option::nodelay:
		no_delay_ = on;
		nonagle =
			static_cast<u8>(on ? nonagle | tcp_nagle::off | tcp_nagle::push : nonagle & ~tcp_nagle::off);
		break;
	case tcp_option::maxseg:
		user_mss_ = static_cast<u16>(option.value);
		break;
	case tcp_option::syncnt:
		icsk_syn_retries = static_cast<u8>(option.value);
		break;
	case tcp_option::user_timeout:
		icsk_user_timeout = static_cast<u32>(option.value);
		break;
	case tcp_option::save_syn:
		save_syn = static_cast<u8>(option.value);
		break;
	case option_number::tcp_fastopen:
		fast_open_listen_ = on;
		break;
	case option_number::tcp_fastopen_connect:
		fast_open_connect_ = on;
		break;
	case tcp_option::congestion:
		std::strncpy(icsk_ca_name, option.text.c_str(), sizeof icsk_ca_name - 1);
		break;
	case option_number::tcp_quickack:
		ack_.pingpong = on ? 0 : 1;
		break;
	}
}

bool connection::knows_congestion_control(std::string_view name) const noexcept {
	const std::vector<std::string>& declared = host_.settings().congestion_controls;
	return name == "cubic" || name == "reno" || name == "nv" ||
		   std::find(declared.begin(), declared.end(), name) != declared.end();
}

void connection::use_backend() noexcept { backend = &the_backend; }

} // namespace sockops::testing::model
