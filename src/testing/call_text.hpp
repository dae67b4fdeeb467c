// SPDX-License-Identifier: MIT
// How a call is written in a timeline: which arguments are shown, and how.
#pragma once

#include <string_view>

#include <sockops/bpf/uapi.hpp>

namespace sockops::testing {

/// HDR_OPT_LEN's args[0].
inline constexpr std::string_view hdr_opt_kinds[] = {"", "[mss]", "[cookie]"};

struct call_args {
	u32 first = 0, count = 0; ///< args[first] to args[first + count - 1]
	char separator = ',';
	bool is_kind = false;
	const char* form = "bare, without arguments";
};

constexpr call_args args_shown(u8 op) noexcept {
	switch (op) {
	case BPF_SOCK_OPS_STATE_CB:
		return {0, 2, '>', false, "STATE(old>new)"};
	case BPF_SOCK_OPS_RTO_CB:
		return {0, 3, ',', false, "RTO(retransmits,rto_jiffies,expired), or bare"};
	case BPF_SOCK_OPS_RETRANS_CB:
		return {1, 2, ',', false, "RETRANS(segments,error), or bare"};
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		return {0, 1, ',', true, "HDR_OPT_LEN, HDR_OPT_LEN[mss] or HDR_OPT_LEN[cookie]"};
	default:
		return {};
	}
}

} // namespace sockops::testing
