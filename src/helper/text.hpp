// SPDX-License-Identifier: MIT
// Helpers about texts: numbers in them, comparing, formatting.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sockops/hook/printk.hpp>

#include "results.hpp"
#include "rule.hpp"
#include "strto.hpp"

namespace sockops::helper {

/// bpf_strtol() and bpf_strtoul(): the characters that were taken, or -errno.
template <class T>
s64 number_in_text(number_text<above_0<u64>> buf, u64 flags, result<T> res) noexcept {
	T value = 0;
	const int taken = strto<T>(reinterpret_cast<const char*>(buf.at),
							   static_cast<std::size_t>(buf.size.bytes), flags, value);
	res.set(value);
	return taken;
}

/// Never beyond the constant's NUL, whatever another CPU does to the other string.
inline s64 compare_text(bounded_text<above_0<u32>> s1, constant_string s2) noexcept {
	const int order =
		std::strncmp(reinterpret_cast<const char*>(s1.at), s2.text, std::min(s1.size.bytes, s2.length + 1));
	return (order > 0) - (order < 0);
}

/// A format that a program may be changing is read once; one that is longer than what it could print is
/// -EINVAL.
inline s64 print(net_of_call in, bounded_text<above_0<u32>> format, const u64* words, u32 count,
				 format_strings strings) noexcept {
	char copy[max_bprintf_buf];
	if (format.size > sizeof copy)
		return -EINVAL;
	std::memcpy(copy, format.at, format.size);
	return bpf_trace_printk_args(in.skops, copy, format.size, words, count, strings.memory);
}
inline s64 trace_printk(net_of_call in, bounded_text<above_0<u32>> fmt, register_words with,
						format_strings strings) noexcept {
	return print(in, fmt, with.words, max_trace_printk_varargs, strings);
}
inline s64 trace_vprintk(net_of_call in, bounded_text<above_0<u32>> fmt, format_words data,
						 format_strings strings) noexcept {
	return data.is_valid ? print(in, fmt, data.words, data.count, strings) : -EINVAL;
}

/// The length with its NUL.
inline s64 print_into(text_room str, constant_string fmt, format_words data,
					  format_strings strings) noexcept {
	if (!data.is_valid)
		return -EINVAL;
	char nowhere = 0;
	const int written =
		bpf_format(str.size ? reinterpret_cast<char*>(str.at) : &nowhere, str.size ? str.size : 1, fmt.text,
				   fmt.length + 1, data.words, data.count, strings.memory);
	return written < 0 ? written : written + 1;
}

using text_rules =
	rule_list<rule<"bpf_strtol", number_in_text<s64>>, rule<"bpf_strtoul", number_in_text<u64>>,
			  rule<"bpf_strncmp", compare_text>, rule<"bpf_trace_printk", trace_printk>,
			  rule<"bpf_trace_vprintk", trace_vprintk>, rule<"bpf_snprintf", print_into>>;

} // namespace sockops::helper
