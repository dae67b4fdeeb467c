// SPDX-License-Identifier: MIT
// Words about calls that several texts use.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <sockops/trace/trace.hpp>

namespace sockops::detail {

/// The pieces in a row. (Also spares g++ 12 a false -Wrestrict, which "literal" + std::string&& gives.)
inline std::string join(std::initializer_list<std::string_view> pieces) {
	std::string text;
	for (const std::string_view piece : pieces)
		text += piece;
	return text;
}

inline std::string number(u32 value) { return std::to_string(value); }
inline std::string signed_number(u32 value) { return std::to_string(static_cast<s32>(value)); }
inline std::string plural(std::size_t n, const char* one, const char* several) {
	return join({std::to_string(n), " ", n == 1 ? one : several});
}
inline std::string bytes(u32 n) { return plural(n, "byte", "bytes"); }
inline std::string name_of(const bpf_prog* prog) { return prog->name ? prog->name : "?"; }

inline reply_use use_of(u32 op) noexcept {
	const op_info* const row = find_op(op);
	return row ? row->reply : reply_use::ignored;
}

/// Does the caller do with this reply what it would not do without one?
[[nodiscard]] bool counts_as_reply(const trace_call& call, u32 reply) noexcept;
/// What the caller does with a result: "25 jiffies of 1/250 s", "1 s is used".
[[nodiscard]] std::string use_of_result(const trace_call& call, int result);

} // namespace sockops::detail
