// SPDX-License-Identifier: MIT
#include "scene.hpp"

#include <cstdio>

namespace sockopt_diff {

bytes value_bytes(std::int64_t value, std::size_t optlen) {
	bytes result(optlen, 0);
	for (std::size_t at = 0; at != optlen && at != 8; ++at)
		result[at] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * at));
	return result;
}

bytes name_bytes(const std::string& name) { return bytes(name.begin(), name.end()); }

std::string in_words(const step& what) {
	char text[64];
	std::snprintf(text, sizeof text, "%s %d/%d [", what.get ? "get" : "set", what.level, what.optname);
	std::string words = text;
	for (const std::uint8_t each : what.get ? what.after : what.optval) {
		std::snprintf(text, sizeof text, "%02x", each);
		words += text;
	}
	std::snprintf(text, sizeof text, "] -> %d", what.result);
	return words + text;
}

} // namespace sockopt_diff
