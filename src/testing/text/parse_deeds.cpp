// SPDX-License-Identifier: MIT
// What programs did in a call: "client: TIMEOUT_INIT -> 50 by tune, returned 1".

#include <algorithm>
#include <charconv>

#include <sockops/hook/sockopt.hpp>
#include <sockops/testing/option_call.hpp>

#include "line_reader.hpp"

namespace sockops::testing::parser {

namespace {

using namespace text;

std::string parse_by(line_reader& line) {
	return line.accept("by") ? std::string(line.word("the program")) : std::string();
}

deed parse_reply(line_reader& line) {
	amount value = line.amount("the reply");
	return {{}, replied{std::move(value), parse_by(line)}};
}

deed parse_returned(line_reader& line) {
	const s64 value = line.number("what the program returned");
	if (value != 0 && value != 1)
		line.refuse("a sock_ops program returns 1, or 0 to deny");
	return {{}, returned{static_cast<u32>(value), parse_by(line)}};
}

deed parse_denied(line_reader& line) { return {{}, verdict{true, parse_by(line)}}; }
deed parse_allowed(line_reader&) { return {{}, verdict{false, {}}}; }

deed parse_left_flags(line_reader& line) {
	if (line.accept("="))
		return {{}, left_flags{true, parse_flags(line), 0}};
	left_flags flags{false, 0, 0};
	while (line.peek().starts_with('+') || line.peek().starts_with('-')) {
		const std::string_view word = line.word("a flag");
		line_reader name(line.line(), word.substr(1));
		u8& into = word[0] == '+' ? flags.set : flags.clear;
		into = static_cast<u8>(into | parse_flags(name));
	}
	if (flags.set == 0 && flags.clear == 0)
		line.refuse("'flags' is followed by = and all of them, or by those that are +SET and -CLEAR");
	return {{}, flags};
}

/// "EINVAL" as its number.
int parse_errno(line_reader& line) {
	const std::string_view name = line.word("the error");
	for (int each = 1; each != 1024; ++each)
		if (name == errno_text(each))
			return each;
	line.refuse(quoted(name) + " is no error: write the name of an errno, as in EINVAL");
}

/// The options' table has what a program may set.
void check_option(const line_reader& line, std::string_view name) {
	const auto options = sockopts();
	if (std::ranges::any_of(options, [&](const sockopt_info& each) { return each.name == name; }))
		return;
	std::string known;
	for (const sockopt_info& each : options)
		known.append(known.empty() ? "" : ", ").append(each.name);
	line.refuse("no option " + quoted(name) + " that a program can set: known are " + known);
}

deed parse_set(line_reader& line) {
	if (line.accept("nothing"))
		return {{}, set_an_option{}};
	set_an_option set{std::string(line.word("the option's name"))};
	check_option(line, set.name);
	if (!line.accept("="))
		line.refuse("'=' and the value are missing behind " + set.name + ": _ is any value");
	set.value = line.value("the option's value");
	if (line.accept(":"))
		set.error = parse_errno(line);
	set.by = parse_by(line);
	return {{}, std::move(set)};
}

deed parse_reserved(line_reader& line) {
	deed read{{}, reserved{line.amount("the bytes")}};
	(void)line.accept("bytes");
	return read;
}

deed parse_written(line_reader& line) {
	const std::string_view hex = line.word("the bytes in hex");
	wrote bytes;
	for (std::size_t at = 0; at < hex.size(); at += 2) {
		u8 byte = 0;
		const char* const end = hex.data() + std::min(at + 2, hex.size());
		if (std::from_chars(hex.data() + at, end, byte, 16).ptr != end || hex.size() % 2 != 0)
			line.refuse(quoted(hex) + " is not hex: two digits a byte, as in fd04eb9f");
		bytes.bytes.push_back(byte);
	}
	return {{}, std::move(bytes)};
}

deed parse_printed(line_reader& line) { return {{}, printed{line.quoted("what is printed")}}; }

deed parse_recorded(line_reader& line) {
	std::string map(line.word("the map's name"));
	return {{}, recorded{std::move(map), line.value("the record")}};
}

deed parse_would(line_reader& line) {
	const bool is_negated = line.accept("not");
	if (!line.accept("fire"))
		line.refuse("'would' is followed by 'fire' or 'not fire'");
	return {{}, firing{!is_negated}};
}

struct deed_form {
	std::string_view word;
	deed (*parse)(line_reader& line);
};
constexpr deed_form deed_forms[] = {
	{"->", parse_reply},          {"returned", parse_returned}, {"denied", parse_denied},
	{"allowed", parse_allowed},   {"flags", parse_left_flags},  {"sets", parse_set},
	{"reserves", parse_reserved}, {"writes", parse_written},    {"prints", parse_printed},
	{"record", parse_recorded},   {"would", parse_would},
};

std::string all_deeds() {
	std::string all;
	for (const deed_form& each : deed_forms)
		all.append(each.word).append(", ");
	return all.append(all_spoil_names());
}

std::optional<deed> parse_one(line_reader& line) {
	for (const deed_form& each : deed_forms)
		if (line.accept(each.word))
			return each.parse(line);
	if (const std::optional<spoil> kind = find_spoil(line.peek_word())) {
		line.word("");
		return deed{{}, parse_spoil(line, *kind)};
	}
	return std::nullopt;
}

/// As many as there are; a comma between them is for the eye.
std::vector<deed> parse_all(line_reader& line) {
	std::vector<deed> all;
	for (;;) {
		const std::string_view before = line.peek();
		std::optional<deed> one = parse_one(line);
		if (!one)
			return all;
		one->text = before.substr(0, before.size() - line.peek().size());
		one->text.resize(one->text.find_last_not_of(" \t") + 1);
		all.push_back(*std::move(one));
		(void)line.accept(",");
	}
}

/// A call with its arguments: "RTO(0,_,0)", "STATE(ESTABLISHED>CLOSE)".
expected_call parse_call_of(line_reader& line) {
	const std::string_view from = line.peek();
	std::size_t end = 0, depth = 0;
	for (; end != from.size() && (depth != 0 || (from[end] != ' ' && from[end] != '\t' && from[end] != ','));
		 ++end)
		depth += from[end] == '(' ? 1 : from[end] == ')' && depth != 0 ? std::size_t(-1) : 0;
	const std::string_view word = from.substr(0, end);
	if (!word.empty() && word[0] >= 'a' && word[0] <= 'z')
		line.refuse(quoted(word) + " is neither an op nor what a program did: that is " + all_deeds());
	line_reader rest(line.line(), from.substr(end));
	line = line_reader(line.line(), rest.peek());
	return parse_call_of_any(line.line(), word);
}

void refuse_deeds_of_a_fired_op(const line_reader& line, const about_calls& all) {
	for (const about_calls::one& each : all.calls)
		for (const deed& one : each.deeds) {
			const bool is_of_fired =
				std::holds_alternative<firing>(one.what) || std::holds_alternative<wrote>(one.what);
			if (is_of_fired)
				line.refuse(quoted(one.text) +
							" is told of a fired op alone: it stands below an event 'fire', behind 'fired:'");
		}
}

} // namespace

std::optional<spoil> find_spoil(std::string_view name) noexcept {
	for (const spoil each : all_spoils())
		if (name == spoil_name(each))
			return each;
	return std::nullopt;
}

std::string all_spoil_names() {
	std::string all;
	for (const spoil each : all_spoils())
		all.append(all.empty() ? "" : ", ").append(spoil_name(each));
	return all;
}

spoilt parse_spoil(line_reader& line, spoil what) {
	spoilt read{what, {}, {}};
	if (line.accept("of"))
		read.of = line.word("whose it was");
	if (line.accept("by"))
		read.by = line.word("who did it");
	return read;
}

bool has_deeds(words line) noexcept {
	const std::string_view first = line.peek();
	if (first == "each" || first == "no")
		return true;
	for (; !line.empty(); (void)line.accept(line.peek())) {
		const std::string_view word = line.peek();
		if (word == "->" || (word[0] >= 'a' && word[0] <= 'z' && word != "nothing"))
			return true;
	}
	return false;
}

about_calls parse_deeds(line_reader& line, std::optional<side> who) {
	using how_many = about_calls::how_many;
	about_calls all{who};
	if (line.accept("each"))
		all.many = how_many::each;
	else if (line.accept("no"))
		all.many = how_many::none;
	if (!who) {
		all.calls.push_back({std::nullopt, parse_all(line)});
		if (all.calls[0].deeds.empty())
			line.refuse("what did programs do in it? Write " + all_deeds());
		if (all.many == how_many::each)
			line.refuse("'each' is of several calls, and one op is fired: leave it out");
		line.end();
		return all;
	}
	while (!line.at_end()) {
		std::optional<expected_call> call = parse_call_of(line);
		all.calls.push_back({std::move(call), parse_all(line)});
	}
	if (all.calls.empty())
		line.refuse("no call is named");
	if (all.many != how_many::some && all.calls.size() != 1)
		line.refuse("'each' and 'no' are about calls of one name: write a line for every name");
	if (all.many == how_many::each && all.calls[0].deeds.empty())
		line.refuse("what did programs do in each of them? Write " + all_deeds());
	refuse_deeds_of_a_fired_op(line, all);
	return all;
}

} // namespace sockops::testing::parser
