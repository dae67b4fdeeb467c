// SPDX-License-Identifier: MIT
#include "call_differences.hpp"

#include <algorithm>
#include <string_view>

namespace test {

namespace {

/// How well two calls stand beside each other.
int likeness(const stack_call& a, const stack_call& b) {
	if (a.text == b.text)
		return 3;
	return a.op == b.op ? 1 : 0;
}

/// best[i][j]: what can be had of what follows the first i and j calls.
std::vector<std::vector<int>> best_likeness(const std::vector<stack_call>& a,
											const std::vector<stack_call>& b) {
	std::vector<std::vector<int>> best(a.size() + 1, std::vector<int>(b.size() + 1));
	for (std::size_t i = a.size(); i-- != 0;)
		for (std::size_t j = b.size(); j-- != 0;) {
			best[i][j] = std::max(best[i + 1][j], best[i][j + 1]);
			if (const int alike = likeness(a[i], b[j]); alike != 0)
				best[i][j] = std::max(best[i][j], best[i + 1][j + 1] + alike);
		}
	return best;
}

bool matches(std::string_view pattern, std::string_view text) {
	const std::size_t any = pattern.find('%');
	if (any == pattern.npos)
		return pattern == text;
	if (text.substr(0, any) != pattern.substr(0, any))
		return false;
	const std::string_view rest = pattern.substr(any + 1);
	for (std::size_t at = any; at <= text.size(); ++at)
		if (matches(rest, text.substr(at)))
			return true;
	return false;
}

} // namespace

compared_calls compare_calls(const std::vector<stack_call>& small, const std::vector<stack_call>& ns3) {
	const auto best = best_likeness(small, ns3);
	compared_calls found;
	std::size_t i = 0, j = 0;
	while (i != small.size() || j != ns3.size()) {
		const bool both = i != small.size() && j != ns3.size();
		const int alike = both ? likeness(small[i], ns3[j]) : 0;
		if (alike != 0 && best[i][j] == best[i + 1][j + 1] + alike) {
			if (alike == 3)
				++found.equal;
			else
				found.differences.push_back({small[i].text, ns3[j].text});
			++i, ++j;
		} else if (i != small.size() && (j == ns3.size() || best[i][j] == best[i + 1][j])) {
			found.differences.push_back({small[i++].text, ""});
		} else {
			found.differences.push_back({"", ns3[j++].text});
		}
	}
	return found;
}

bool explains(const known_difference& known, const std::string& scenario, const call_difference& what) {
	return (known.scenario[0] == '\0' || known.scenario == scenario) && matches(known.small, what.small) &&
		   matches(known.ns3, what.ns3);
}

} // namespace test
