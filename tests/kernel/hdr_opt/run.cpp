// SPDX-License-Identifier: MIT
#include "run.hpp"

#include <cstdio>

namespace hdr_opt {

namespace {

template <class... Args>
std::string print(const char* format, Args... args) {
	char text[512];
	std::snprintf(text, sizeof(text), format, args...);
	return text;
}

std::string in_words(const call& each) {
	static const char* const names[] = {"?", "reserve", "store", "load"};
	return print("%s(%s, len %u, flags %#llx)", names[static_cast<unsigned>(each.what)],
				 hex(each.bytes).c_str(), each.len, static_cast<unsigned long long>(each.flags));
}

std::string in_words(const situation& in) {
	return print("op %u%s, room %u, header %s, SYN %s\n", in.op, in.fullsock ? "" : " of a request", in.room,
				 hex(in.header).c_str(), in.syn ? hex(*in.syn).c_str() : "none");
}

} // namespace

std::string hex(const byte_list& bytes) {
	std::string text;
	for (const std::uint8_t byte : bytes)
		text += print("%02x", byte);
	return text;
}

std::string difference(const run& asked, const outcome& here, unsigned long& cases) {
	for (std::size_t at = 0; at != asked.calls.size(); ++at, ++cases) {
		const answer &there = asked.got.answers[at], &mine = here.answers[at];
		if (there == mine)
			continue;
		std::string words = in_words(asked.in);
		for (std::size_t before = 0; before != at; ++before)
			words += print("  %s = %lld\n", in_words(asked.calls[before]).c_str(),
						   static_cast<long long>(asked.got.answers[before].result));
		return words + print("  %s\n    kernel: %lld %s\n    here:   %lld %s\n",
							 in_words(asked.calls[at]).c_str(), static_cast<long long>(there.result),
							 hex(there.bytes).c_str(), static_cast<long long>(mine.result),
							 hex(mine.bytes).c_str());
	}
	if (asked.got.reserved && ++cases && asked.got.reserved != here.reserved)
		return in_words(asked.in) + print("  reserved in the kernel %u, here %u\n", *asked.got.reserved,
										  here.reserved.value_or(9999));
	if (asked.got.options && ++cases && asked.got.options != here.options)
		return in_words(asked.in) + print("  options sent by the kernel %s\n  here %s\n",
										  hex(*asked.got.options).c_str(),
										  here.options ? hex(*here.options).c_str() : "none");
	return "";
}

} // namespace hdr_opt
