// SPDX-License-Identifier: MIT
#include "comparison.hpp"

#include <algorithm>

namespace traces {

namespace {

std::string call_at(const std::vector<call>& calls, std::size_t at) {
	return at < calls.size() ? details_of(calls[at]) : "nothing";
}

/// The names, padded to the same length.
std::string aligned(const std::string& name, const std::string& beside) {
	return "    " + name + ": " + std::string(std::max(name.size(), beside.size()) - name.size(), ' ');
}

} // namespace

std::string differences(const named_timeline& what, const char* one, const trace& seen_by_one,
						const char* other, const trace& seen_by_other) {
	std::string text;
	for (std::size_t event = 0; event != what.what.events.size(); ++event)
		for (const side who : {side::client, side::server}) {
			const auto of = [&](const trace& seen) {
				static const std::vector<call> none;
				if (event >= seen.size())
					return none;
				return who == side::client ? seen[event].client : seen[event].server;
			};
			const std::vector<call> first = of(seen_by_one), second = of(seen_by_other);
			if (first == second)
				continue;
			std::size_t at = 0;
			while (at < first.size() && at < second.size() && first[at] == second[at])
				++at;
			const timeline_event& in = what.what.events[event];
			text += what.name + ".timeline:" + std::to_string(in.line) + ": '" + in.text + "', " +
					side_name(who) + ", call " + std::to_string(at + 1) + "\n";
			text += aligned(one, other) + call_at(first, at) + "\n";
			text += aligned(other, one) + call_at(second, at) + "\n";
		}
	return text;
}

} // namespace traces
