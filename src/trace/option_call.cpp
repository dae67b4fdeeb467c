// SPDX-License-Identifier: MIT
// One bpf_setsockopt() in words.

#include <sockops/trace/option_call.hpp>

#include <cstring>

#include <sockops/bpf/uapi.hpp>
#include <sockops/trace/option_text.hpp>

namespace sockops {

namespace {

int length_of(const std::vector<u8>& value) noexcept { return static_cast<int>(value.size()); }

} // namespace

std::string option_call::name() const { return option_name(level, optname); }

int option_call::number() const noexcept {
	int word = 0;
	if (value.size() == sizeof word)
		std::memcpy(&word, value.data(), sizeof word);
	return word;
}

std::string option_call::string() const { return option_string(value.data(), length_of(value)); }

std::string option_call::value_text() const {
	return option_value_text(level, optname, value.data(), length_of(value));
}

std::string option_call::text() const {
	return option_text(level, optname, value.data(), length_of(value), result);
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
