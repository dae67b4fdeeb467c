// SPDX-License-Identifier: MIT
// A call in one word.

#include <sockops/trace/call_text.hpp>

namespace sockops {

std::string_view short_op_name(u32 op) noexcept {
	const std::string_view full = op_name(op);
	return full.ends_with("_CB") ? full.substr(0, full.size() - 3) : full;
}

std::string call_text(u32 op, bool is_fullsock, const u32* args) {
	std::string text(short_op_name(op));
	if (!is_fullsock)
		text += '*';
	const call_args shown = args_shown(op);
	if (shown.is_kind)
		return text.append(args[0] < std::size(hdr_opt_kinds) ? hdr_opt_kinds[args[0]] : "[?]");
	for (u32 at = 0; at != shown.count; ++at) {
		text += at == 0 ? '(' : shown.separator;
		text += std::to_string(static_cast<s32>(args[shown.first + at]));
	}
	return shown.count ? text + ')' : text;
}

} // namespace sockops
