// SPDX-License-Identifier: MIT
#include "words.hpp"

namespace sockops::vm::check {

namespace {

std::string signed_in_words(u64 value) { return std::to_string(static_cast<s64>(value)); }

std::string values_in_words(const some_values& values) {
	if (values.is_one())
		return "the number " + signed_in_words(values.first);
	if (values.is_every_number())
		return "any number";
	if (values.least() < 0)
		return "a number of " + std::to_string(values.least()) + " to " + std::to_string(values.greatest());
	return "a number of " + std::to_string(values.first) + " to " + std::to_string(values.last());
}

std::string object_in_words(const subject& of, const known& value) {
	const auto map_name = [&] { return "'" + of.map(value.which).map_name + "'"; };
	switch (value.is) {
	case holds::unset:
		return "never written on this way";
	case holds::number:
		return values_in_words(value.values);
	case holds::context:
		return "the context";
	case holds::frame:
		return "the stack";
	case holds::map:
		return "the map " + map_name();
	case holds::map_value:
		return "a value of the map " + map_name();
	case holds::record:
		return "a record of a ring buffer";
	case holds::memory:
		return "memory of " + std::to_string(value.which) + " bytes";
	case holds::key:
		return "a key of a map";
	case holds::packet:
		return "a pointer into the packet's header";
	case holds::packet_end:
		return "skb_data_end";
	case holds::sock:
		return "a struct bpf_sock";
	case holds::tcp_sock:
		return "a struct bpf_tcp_sock";
	case holds::kernel_object:
		return "an object of the kernel's";
	case holds::function:
		return "a function";
	default:
		return "not known";
	}
}

} // namespace

std::string in_words(const subject& of, const known& value) {
	std::string words = object_in_words(of, value);
	if (value.is_pointer() && value.has_moved() && value.is != holds::frame)
		words.append(" ").append(place_in_words(value, 0));
	if (value.is == holds::frame)
		words.append(value.varies ? ", from r10 " : ", at r10 ")
			.append(value.fixed < 0 ? "- " : "+ ")
			.append(std::to_string(value.fixed < 0 ? -value.fixed : value.fixed));
	return value.may_be_null ? words + " that may be NULL" : words;
}

std::string place_in_words(const known& base, s64 off) {
	const s64 fixed = base.fixed + off;
	if (!base.varies)
		return "at offset " + std::to_string(fixed);
	if (base.values.is_every_number())
		return "at any offset";
	const auto moved = [&](s64 by) {
		return std::to_string(static_cast<s64>(static_cast<u64>(fixed) + static_cast<u64>(by)));
	};
	const std::string low = moved(base.values.least()), high = moved(base.values.greatest());
	return low == high ? "at offset " + low + " among others" : "at offsets " + low + " to " + high;
}

} // namespace sockops::vm::check
