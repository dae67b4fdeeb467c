// SPDX-License-Identifier: MIT
#include "deeds.hpp"

#include <algorithm>

#include <sockops/bpf/uapi.hpp>
#include <sockops/testing/program_name.hpp>
#include <sockops/trace/explain.hpp>

#include "../../object/btf/quoted_text.hpp"
#include "../../object/value_path.hpp"
#include "../timeline_parser.hpp"

namespace sockops::testing::text {

namespace {

using detail::is_program;
using parser::quoted;

/// Judges the kinds of deeds; "" is right.
class judge_of_deed {
  public:
	judge_of_deed(const judged_call& seen, const known& of) : seen_(seen), call_(seen.call()), of_(of) {}

	std::string operator()(const replied& expected) const {
		const std::optional<s64> wanted = of_.words.number(expected.value);
		if (wanted && *wanted != result())
			return "-> " + std::to_string(result());
		if (expected.by.empty())
			return {};
		const bpf_prog* const by = call_.answered_by();
		if (by && is_program(of_.name_of(*by), expected.by))
			return {};
		return "-> " + std::to_string(result()) + (by ? " by " + of_.name_of(*by) : ", of no program");
	}

	std::string operator()(const returned& expected) const {
		bool any = false;
		for (const trace_step& step : call_.steps) {
			if (!expected.by.empty() && !is_program(of_.name_of(*step.prog), expected.by))
				continue;
			any = true;
			if (step.ret != expected.value)
				return "returned " + std::to_string(step.ret) + " by " + of_.name_of(*step.prog);
		}
		return any ? "" : did_not_run(expected.by);
	}

	std::string operator()(const verdict& expected) const {
		std::string by;
		for (const trace_step& step : call_.steps)
			if (step.ret == 0 && (expected.by.empty() || is_program(of_.name_of(*step.prog), expected.by)))
				by.append(by.empty() ? "" : ", ").append(of_.name_of(*step.prog));
		if (!by.empty())
			return expected.is_denied ? "" : "denied by " + by;
		if (!expected.is_denied)
			return {};
		return call_.denied_by() ? "denied by " + of_.name_of(*call_.denied_by()) : "allowed";
	}

	std::string operator()(const left_flags& expected) const {
		const u8 flags = call_.steps.empty() ? call_.at_start.cb_flags : call_.steps.back().after.cb_flags;
		const bool is_so = expected.is_exact
							   ? flags == expected.set
							   : (flags & expected.set) == expected.set && (flags & expected.clear) == 0;
		return is_so ? "" : "flags = " + cb_flags_text(flags);
	}

	std::string operator()(const set_an_option& expected) const {
		std::string all;
		for (const option_call& each : seen_.what.options_set) {
			const bool is_it = !expected.name.empty() && is_option(expected, each);
			if (is_it)
				return {};
			all.append(all.empty() ? "sets " : ", ").append(each.text());
			if (each.prog)
				all.append(" by ").append(of_.name_of(*each.prog));
		}
		if (all.empty())
			return expected.name.empty() ? "" : "sets nothing";
		return all;
	}

	std::string operator()(const reserved& expected) const {
		const u32 taken = call_.steps.empty() || call_.denied_by()
							  ? 0
							  : call_.at_start.remaining_opt_len - call_.steps.back().after.remaining_opt_len;
		const s64 bytes = (taken + 3) / 4 * 4;
		const std::optional<s64> wanted = of_.words.number(expected.bytes);
		if (call_.op != BPF_SOCK_OPS_HDR_OPT_LEN_CB)
			return "reserves nothing: only HDR_OPT_LEN does";
		return !wanted || *wanted == bytes ? "" : "reserves " + std::to_string(bytes);
	}

	std::string operator()(const wrote& expected) const {
		if (seen_.what.options == expected.bytes)
			return {};
		std::string hex;
		for (const u8 byte : seen_.what.options) {
			constexpr char digits[] = "0123456789abcdef";
			(hex += digits[byte >> 4]) += digits[byte & 15];
		}
		return hex.empty() ? "writes nothing" : "writes " + hex;
	}

	std::string operator()(const printed& expected) const {
		const std::string line = unquoted(expected.line);
		const std::vector<std::string>& all = seen_.what.printk;
		if (std::ranges::any_of(all, [&](const std::string& each) { return is_line(each, line); }))
			return {};
		std::string text;
		for (const std::string& each : all)
			text.append(text.empty() ? "prints \"" : ", \"").append(each).append("\"");
		return text.empty() ? "prints nothing" : text;
	}

	std::string operator()(const recorded& expected) const {
		std::string text;
		const std::string value = of_.words.resolved(expected.value);
		for (const text_record& each : seen_.records) {
			if (!is_program(each.map, expected.map))
				continue;
			if (is_value(each.value, relation::equal, value))
				return {};
			text.append(text.empty() ? "record " : ", record ")
				.append(each.map)
				.append(" ")
				.append(each.value.text());
		}
		return text.empty() ? "no record in " + expected.map : text;
	}

	std::string operator()(const spoilt& expected) const {
		std::string text;
		for (const spoiled& each : seen_.what.spoiled) {
			if (is_spoil(expected, each))
				return {};
			text.append(text.empty() ? "" : "; ").append(each.text);
		}
		return text.empty() ? "nothing was spoiled" : text;
	}

	std::string operator()(const firing& expected) const {
		const std::string& withheld = seen_.what.withheld;
		if (withheld.empty() == expected.is_due)
			return {};
		return withheld.empty() ? "would fire" : "would not fire: " + withheld;
	}

  private:
	/// What the caller got.
	s64 result() const noexcept {
		const bool was_recorded = call_.sk != nullptr;
		return was_recorded ? call_.result : seen_.what.reply;
	}

	std::string did_not_run(const std::string& program) const {
		return program.empty() ? "no program ran" : program + " did not run";
	}

	bool is_option(const set_an_option& expected, const option_call& seen) const {
		if (seen.name() != expected.name || seen.result != -expected.error)
			return false;
		if (!expected.by.empty() && !(seen.prog && is_program(of_.name_of(*seen.prog), expected.by)))
			return false;
		const std::string value = of_.words.resolved(expected.value);
		if (value == "_")
			return true;
		if (const std::optional<s64> number = number_in(value))
			return seen.value.size() == sizeof(int) &&
				   (*number == seen.number() || *number == static_cast<u32>(seen.number()));
		return seen.string() == (value.starts_with('"') ? unquoted(value) : value);
	}

	const judged_call& seen_;
	const trace_call& call_;
	const known& of_;
};

/// Of numbers of any sign and 64 bits.
int order_of(const typed_value& value, const std::string& expected) {
	const std::optional<s64> other = number_in(expected);
	if (!other)
		throw object_error(quoted(expected) + " is no number: < and > compare numbers");
	const bool is_negative = expected.starts_with('-');
	s64 signed_one = 0;
	bool fits = true;
	try {
		signed_one = value.as<s64>();
	} catch (const object_error&) {
		fits = false; // beyond what is signed
	}
	if (!fits || (!is_negative && *other < 0)) {
		if (is_negative)
			return 1;
		if (fits && signed_one < 0)
			return -1;
		const u64 one = fits ? static_cast<u64>(signed_one) : value.as<u64>();
		const u64 two = static_cast<u64>(*other);
		return one < two ? -1 : one > two;
	}
	return signed_one < *other ? -1 : signed_one > *other;
}

} // namespace

std::string unquoted(const std::string& text) { return object::read_quoted(text).text; }

bool is_line(std::string_view seen, std::string_view expected) noexcept {
	return seen == expected || (seen.ends_with('\n') && seen.substr(0, seen.size() - 1) == expected);
}

bool is_spoil(const spoilt& expected, const spoiled& seen) {
	return seen.what == expected.what && (expected.of.empty() || detail::is_among(seen.of, expected.of)) &&
		   (expected.by.empty() || detail::is_among(seen.by, expected.by));
}

bool is_value(const typed_value& value, relation is, const std::string& expected) {
	if (is == relation::equal || is == relation::unequal)
		return object::value_matches(value, expected) == (is == relation::equal);
	const int order = order_of(value, expected);
	switch (is) {
	case relation::less:
		return order < 0;
	case relation::at_most:
		return order <= 0;
	case relation::greater:
		return order > 0;
	default:
		return order >= 0;
	}
}

std::string seen_instead(const deed& expected, const judged_call& seen, const known& of) {
	return std::visit(judge_of_deed(seen, of), expected.what);
}

} // namespace sockops::testing::text
