// SPDX-License-Identifier: MIT
// One bpf_setsockopt() in words.

#include <sockops/trace/option_call.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include <sockops/bpf/uapi.hpp>
#include <sockops/hook/sockopt.hpp>
#include <sockops/kern/errno.hpp>

namespace sockops {

namespace {

bool takes_a_name(const option_call& of) noexcept {
	const sockopt_info* const row = find_sockopt(of.level, of.optname);
	return row && row->optlen == sockopt_info::length::name;
}

std::string hex_bytes(const std::vector<u8>& bytes) {
	std::string text;
	for (const u8 byte : bytes) {
		char two[4];
		std::snprintf(two, sizeof two, "%02x ", byte);
		text += two;
	}
	if (!text.empty())
		text.pop_back();
	return text.empty() ? "nothing" : text;
}

} // namespace

std::string errno_text(int error) {
	const int positive = error < 0 ? -error : error;
	const char* const name = positive == kern_errno::notsupp ? "ENOTSUPP" : ::strerrorname_np(positive);
	return name ? name : "errno " + std::to_string(positive);
}

std::string option_call::name() const {
	if (const sockopt_info* const row = find_sockopt(level, optname))
		return row->name;
	return "level " + std::to_string(level) + " option " + std::to_string(optname);
}

int option_call::number() const noexcept {
	int word = 0;
	if (value.size() == sizeof word)
		std::memcpy(&word, value.data(), sizeof word);
	return word;
}

std::string option_call::string() const {
	return {value.begin(), std::find(value.begin(), value.end(), u8{0})};
}

std::string option_call::value_text() const {
	if (takes_a_name(*this)) {
		std::string text(1, '"');
		return (text += string()) += '"';
	}
	return value.size() == sizeof(int) ? std::to_string(number()) : hex_bytes(value);
}

std::string option_call::text() const {
	std::string all = name();
	(all += '=') += value_text();
	if (result != 0)
		(all += ": ") += errno_text(result);
	return all;
}

std::optional<spoiled> spoiled_by(spoil_watch& watch, const sock_common& sk, const option_call& call) {
	const bool is_flags = call.level == sol::tcp && call.optname == TCP_BPF_SOCK_OPS_CB_FLAGS;
	if (call.result != 0 || !call.prog || is_flags) // flags are watched as flags
		return std::nullopt;
	return watch.option_set(sk, *call.prog, call.level, call.optname, call.name(), call.value_text());
}

option_call make_option_call(const set_option& what) {
	const auto* const first = static_cast<const u8*>(what.value);
	const int bytes = what.value && what.length > 0 ? what.length : 0;
	return {what.op, what.level, what.optname, {first, first + bytes}, what.result, program_traced_now()};
}

} // namespace sockops
