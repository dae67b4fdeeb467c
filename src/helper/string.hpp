// SPDX-License-Identifier: MIT
// Strings wherever they are: bpf_strcmp() and its kin.
#pragma once

#include <cerrno>

#include "results.hpp"
#include "rule.hpp"
#include "string_search.hpp"

namespace sockops::helper {

inline constexpr u64 no_limit = ~u64{0};

template <bool IgnoreCase>
int compare(unsafe_text& s1, unsafe_text& s2) noexcept {
	return s1.is_there() && s2.is_there() ? compare_strings(s1, s2, IgnoreCase) : -ERANGE;
}
inline int strnchr(unsafe_text& s, u64 count, char c) noexcept {
	return s.is_there() ? find_char(s, count, static_cast<u8>(c)) : -ERANGE;
}
inline int strchr(unsafe_text& s, char c) noexcept { return strnchr(s, no_limit, c); }
inline int strchrnul(unsafe_text& s, char c) noexcept {
	return s.is_there() ? find_char_or_end(s, static_cast<u8>(c)) : -ERANGE;
}
inline int strrchr(unsafe_text& s, s32 c) noexcept { return s.is_there() ? find_last_char(s, c) : -ERANGE; }
inline int strnlen(unsafe_text& s, u64 count) noexcept {
	return s.is_there() ? length_of(s, count) : -ERANGE;
}
inline int strlen(unsafe_text& s) noexcept { return strnlen(s, no_limit); }
template <bool Rejects>
int span(unsafe_text& s, unsafe_text& set) noexcept {
	return s.is_there() && set.is_there() ? span_of(s, set, Rejects) : -ERANGE;
}
inline int strnstr(unsafe_text& s1, unsafe_text& s2, u64 len) noexcept {
	return s1.is_there() && s2.is_there() ? find_string(s1, s2, len) : -ERANGE;
}
inline int strstr(unsafe_text& s1, unsafe_text& s2) noexcept { return strnstr(s1, s2, no_limit); }

using string_rules =
	rule_list<rule<"bpf_strcmp", compare<false>>, rule<"bpf_strcasecmp", compare<true>>,
			  rule<"bpf_strchr", strchr>, rule<"bpf_strchrnul", strchrnul>, rule<"bpf_strnchr", strnchr>,
			  rule<"bpf_strrchr", strrchr>, rule<"bpf_strlen", strlen>, rule<"bpf_strnlen", strnlen>,
			  rule<"bpf_strspn", span<false>>, rule<"bpf_strcspn", span<true>>, rule<"bpf_strstr", strstr>,
			  rule<"bpf_strnstr", strnstr>>;

} // namespace sockops::helper
