// SPDX-License-Identifier: MIT
// Lines about calls: which of those that were seen is meant, and what it was instead.

#include <algorithm>

#include <sockops/trace/explain.hpp>

#include "judging.hpp"

namespace sockops::testing::text {

namespace {

using how_many = about_calls::how_many;

bool is_of(const about_calls& expected, const judged_call& seen) { return seen.who == expected.who; }

/// Op and arguments.
bool is_call(const std::optional<expected_call>& expected, const trace_call& seen) {
	if (!expected)
		return true;
	if (expected->op != seen.op || expected->is_fullsock != seen.is_fullsock)
		return false;
	const u32 first = args_shown(seen.op).first;
	for (std::size_t at = 0; at != expected->args.size(); ++at)
		if (expected->args[at] && *expected->args[at] != seen.args[first + at])
			return false;
	return true;
}

struct instead {
	const deed* expected = nullptr; ///< nullptr: all deeds are as they are written
	std::string seen;
};

instead first_wrong(const std::vector<deed>& deeds, const judged_call& seen, const known& of) {
	for (const deed& each : deeds)
		if (std::string what = seen_instead(each, seen, of); !what.empty())
			return {&each, std::move(what)};
	return {};
}

std::string all_calls(const about_calls& expected, const seen_interval& seen) {
	std::string all;
	for (const judged_call& each : seen.calls)
		if (is_of(expected, each))
			all.append(all.empty() ? "" : " ").append(call_text(each.call()));
	return all.empty() ? "nothing" : all;
}

const bpf_prog* last_program(const judged_call& seen) {
	return seen.call().steps.empty() ? nullptr : seen.call().steps.back().prog;
}

mismatch wrong_deed(const instead& what, const judged_call& seen) {
	std::string text = "expected  ";
	text.append(what.expected->text).append("\nseen      ").append(what.seen).append("\n");
	return {text.append(explain(seen.what)), last_program(seen)};
}

/// No such call; if it was due and its flag was clear, that is why.
mismatch no_call(const about_calls& expected, const expected_call& wanted, const seen_interval& seen,
				 const known& of) {
	std::string text = "expected  ";
	text.append(wanted.text).append(", which was not called\nseen      ").append(all_calls(expected, seen));
	text += "\n";
	for (const judged_call& each : seen.withheld)
		if (is_of(expected, each) && each.call().op == wanted.op) {
			text.append(explain(each.call()));
			break;
		}
	if (const auto before = of.earlier.find({expected.who, wanted.op}); before != of.earlier.end())
		text.append("It was called before, after '").append(before->second).append("'.\n");
	return {std::move(text)};
}

/// What comes nearest to the first of `expected` that nothing after `from` is.
mismatch nearest(const about_calls& expected, const about_calls::one& wanted, const seen_interval& seen,
				 std::size_t from, const known& of) {
	mismatch found;
	std::size_t others = 0;
	for (std::size_t at = from; at < seen.calls.size(); ++at) {
		if (!is_of(expected, seen.calls[at]) || !is_call(wanted.call, seen.calls[at].call()))
			continue;
		if (found.text.empty())
			found = wrong_deed(first_wrong(wanted.deeds, seen.calls[at], of), seen.calls[at]);
		else
			++others;
	}
	if (found.text.empty())
		return no_call(expected, *wanted.call, seen, of);
	if (others != 0)
		found.text.append("And so in no other of the ")
			.append(std::to_string(others + 1))
			.append(" calls ")
			.append(wanted.call ? wanted.call->text : std::string())
			.append(".\n");
	return found;
}

/// In their order; others may lie between.
mismatch judge_some(const about_calls& expected, const seen_interval& seen, const known& of) {
	std::size_t from = 0;
	for (const about_calls::one& wanted : expected.calls) {
		std::size_t at = from;
		while (at < seen.calls.size() &&
			   (!is_of(expected, seen.calls[at]) || !is_call(wanted.call, seen.calls[at].call()) ||
				first_wrong(wanted.deeds, seen.calls[at], of).expected))
			++at;
		if (at == seen.calls.size())
			return nearest(expected, wanted, seen, from, of);
		from = at + 1;
	}
	return {};
}

mismatch judge_each(const about_calls& expected, const seen_interval& seen, const known& of) {
	const about_calls::one& wanted = expected.calls[0];
	bool any = false;
	for (const judged_call& each : seen.calls) {
		if (!is_of(expected, each) || !is_call(wanted.call, each.call()))
			continue;
		any = true;
		if (const instead wrong = first_wrong(wanted.deeds, each, of); wrong.expected)
			return wrong_deed(wrong, each);
	}
	return any ? mismatch{} : no_call(expected, *wanted.call, seen, of);
}

mismatch judge_none(const about_calls& expected, const seen_interval& seen, const known& of) {
	const about_calls::one& unwanted = expected.calls[0];
	for (const judged_call& each : seen.calls)
		if (is_of(expected, each) && is_call(unwanted.call, each.call()) &&
			!first_wrong(unwanted.deeds, each, of).expected)
			return {"expected  none\nseen      " + call_text(each.call()) + ", among " +
						all_calls(expected, seen) + "\n" + explain(each.what),
					last_program(each)};
	return {};
}

} // namespace

mismatch judge_calls(const about_calls& expected, const seen_interval& seen, const known& of) {
	switch (expected.many) {
	case how_many::each:
		return judge_each(expected, seen, of);
	case how_many::none:
		return judge_none(expected, seen, of);
	case how_many::some:
		break;
	}
	return judge_some(expected, seen, of);
}

} // namespace sockops::testing::text
