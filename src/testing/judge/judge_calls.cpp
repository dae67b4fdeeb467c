// SPDX-License-Identifier: MIT
// Lines about calls: which of those that were seen is meant, and what it was instead.

#include <algorithm>

#include <sockops/testing/program_name.hpp>
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

/// Whose deed it is, as far as that can be told.
class doer {
  public:
	doer(const judged_call& seen, const known& of) : seen_(seen), of_(of) {}

	const bpf_prog* operator()(const replied& what) const {
		return what.by.empty() ? seen_.call().answered_by() : named(what.by);
	}
	const bpf_prog* operator()(const returned& what) const { return named(what.by); }
	const bpf_prog* operator()(const verdict& what) const {
		return what.by.empty() ? seen_.call().denied_by() : named(what.by);
	}
	const bpf_prog* operator()(const set_an_option& what) const {
		for (const option_call& each : seen_.what.options_set)
			if (what.by.empty() && (what.name.empty() || each.name() == what.name))
				return each.prog;
		return named(what.by);
	}
	const bpf_prog* operator()(const spoilt& what) const { return named(what.by); }
	template <class Other>
	const bpf_prog* operator()(const Other&) const {
		return nullptr;
	}

  private:
	const bpf_prog* named(const std::string& by) const {
		for (const trace_step& step : seen_.call().steps)
			if (!by.empty() && detail::is_program(of_.name_of(*step.prog), by))
				return step.prog;
		return nullptr;
	}

	const judged_call& seen_;
	const known& of_;
};

mismatch wrong_deed(const instead& what, const judged_call& seen, const known& of) {
	const bpf_prog* const by = std::visit(doer(seen, of), what.expected->what);
	std::string text = "expected  ";
	text.append(what.expected->text).append("\nseen      ").append(what.seen).append("\n");
	return {text.append(explain(seen.what)), by ? by : last_program(seen)};
}

/// No such call; if it was due and its flag was clear, that is why.
/// `after`: the call behind which it was to come; "": anywhere.
mismatch no_call(const about_calls& expected, const expected_call& wanted, const seen_interval& seen,
				 const known& of, const std::string& after = {}) {
	std::string text = "expected  ";
	text.append(wanted.text).append(", which was not called");
	if (!after.empty())
		text.append(" after ").append(after);
	text.append("\nseen      ").append(all_calls(expected, seen)).append("\n");
	if (!after.empty())
		return {std::move(text)};
	for (const judged_call& each : seen.withheld)
		if (is_of(expected, each) && each.call().op == wanted.op) {
			text.append(explain(each.call()));
			break;
		}
	if (const auto before = of.earlier.find({expected.who, wanted.op}); before != of.earlier.end())
		text.append("It was called before, after '").append(before->second).append("'.\n");
	return {std::move(text)};
}

/// The call before it in the line, if there was one such before that, and none after it; else "".
std::string called_only_before(const about_calls& expected, const about_calls::one& wanted,
							   const seen_interval& seen, std::size_t from) {
	const auto at = static_cast<std::size_t>(&wanted - expected.calls.data());
	const auto is_it = [&](const judged_call& each) {
		return is_of(expected, each) && is_call(wanted.call, each.call());
	};
	const auto begin = seen.calls.begin();
	return at != 0 && std::any_of(begin, begin + static_cast<std::ptrdiff_t>(from), is_it)
			   ? expected.calls[at - 1].call->text
			   : std::string();
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
			found = wrong_deed(first_wrong(wanted.deeds, seen.calls[at], of), seen.calls[at], of);
		else
			++others;
	}
	if (found.text.empty())
		return no_call(expected, *wanted.call, seen, of, called_only_before(expected, wanted, seen, from));
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
			return wrong_deed(wrong, each, of);
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
