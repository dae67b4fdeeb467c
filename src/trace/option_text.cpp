// SPDX-License-Identifier: MIT
// One bpf_setsockopt() in words.

#include <sockops/trace/option_text.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include <sockops/hook/sockopt.hpp>
#include <sockops/kern/errno.hpp>

#include "words.hpp"

namespace sockops {

namespace {

std::string hex_bytes(const u8* bytes, int count) {
	std::string text;
	for (int i = 0; i < count; ++i) {
		char two[4];
		std::snprintf(two, sizeof two, i ? " %02x" : "%02x", bytes[i]);
		text += two;
	}
	return text.empty() ? "nothing" : text;
}

} // namespace

std::string errno_text(int error) {
	const int positive = error < 0 ? -error : error;
	const char* const name = positive == kern_errno::notsupp ? "ENOTSUPP" : ::strerrorname_np(positive);
	return name ? name : "errno " + std::to_string(positive);
}

std::string option_name(int level, int optname) {
	if (const sockopt_info* const row = find_sockopt(level, optname))
		return row->name;
	return "level " + std::to_string(level) + " option " + std::to_string(optname);
}

std::string option_string(const void* value, int length) {
	const auto* const first = static_cast<const char*>(value);
	const auto* const last = first + (value && length > 0 ? length : 0);
	return {first, std::find(first, last, '\0')};
}

std::string option_value_text(int level, int optname, const void* value, int length) {
	const sockopt_info* const row = find_sockopt(level, optname);
	if (row && row->optlen == sockopt_info::length::name)
		return detail::join({"\"", option_string(value, length), "\""});
	int word = 0;
	if (!value || length != sizeof word)
		return hex_bytes(static_cast<const u8*>(value), value ? length : 0);
	std::memcpy(&word, value, sizeof word);
	return std::to_string(word);
}

std::string option_text(int level, int optname, const void* value, int length, int result) {
	return detail::join({option_name(level, optname), "=", option_value_text(level, optname, value, length),
						 result == 0 ? std::string() : ": " + errno_text(result)});
}

} // namespace sockops
