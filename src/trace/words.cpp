// SPDX-License-Identifier: MIT
#include "words.hpp"

namespace sockops::detail {

bool counts_as_reply(const trace_call& call, u32 reply) noexcept {
	switch (use_of(call.op)) {
	case reply_use::jiffies:
	case reply_use::packets:
	case reply_use::microseconds:
		return static_cast<s32>(reply) > 0;
	case reply_use::exactly_one:
		return reply == 1;
	case reply_use::allow_only:
	case reply_use::ignored:
		break;
	}
	return false;
}

std::string use_of_result(const trace_call& call, int result) {
	const net_profile& profile = call.profile;
	const u32 reply = result <= 0 ? 0 : static_cast<u32>(result);
	switch (use_of(call.op)) {
	case reply_use::jiffies:
		if (reply == 0)
			return "1 s is used";
		if (profile.clamp_timeout_init && reply > 120 * profile.hz)
			return "120 s, the most there is, are used";
		return join({plural(reply, "jiffy", "jiffies"), " of 1/", number(profile.hz), " s"});
	case reply_use::packets:
		return reply == 0 ? "the stack's default window is used"
						  : join({"the initial window is ", plural(reply, "packet", "packets")});
	case reply_use::exactly_one:
		return reply == 1 ? "ECN is wanted" : "ECN is not wanted (it takes a reply of exactly 1)";
	case reply_use::microseconds:
		return reply == 0 ? "no base RTT is known" : join({"the base RTT is ", number(reply), " us"});
	case reply_use::allow_only:
	case reply_use::ignored:
		break;
	}
	return "the caller ignores it";
}

} // namespace sockops::detail
