// SPDX-License-Identifier: MIT
// A call in one word, as records, timelines and matchers write it: "RWND_INIT", "NEEDS_ECN*" (* not a full
// socket), "STATE(2>1)", "RTO(0,250,0)", "RETRANS(1,0)" (segments, error), "HDR_OPT_LEN[mss]".
//
// Context: any thread; takes memory, so not in a signal handler.
#pragma once

#include <string>
#include <string_view>

#include <sockops/bpf/uapi.hpp>

namespace sockops {

/// What HDR_OPT_LEN_CB's args[0] is followed by.
inline constexpr std::string_view hdr_opt_kinds[] = {"", "[mss]", "[cookie]"};

/// Which arguments of an op are shown, and how.
struct call_args {
	u32 first = 0, count = 0; ///< args[first] to args[first + count - 1]
	char separator = ',';
	bool is_kind = false;
	const char* form = "bare, without arguments";
};

/// Of an op without a form of its own: none.
constexpr call_args args_shown(u32 op) noexcept {
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

/// op_name() without _CB.
[[nodiscard]] std::string_view short_op_name(u32 op) noexcept;

/// The call in one word. `args`: four of them. Throws what std::string does.
[[nodiscard]] std::string call_text(u32 op, bool is_fullsock, const u32* args);

} // namespace sockops
