// SPDX-License-Identifier: MIT
// What maps and variables hold, what programs sent and printed, what went wrong: "map conns[1].n == 3".

#include <algorithm>
#include <iterator>

#include "line_reader.hpp"

namespace sockops::testing::parser {

namespace {

using namespace text;

struct relation_mark {
	std::string_view mark;
	relation is;
};
/// The longer ones first.
constexpr relation_mark relations[] = {
	{"==", relation::equal},    {"!=", relation::unequal}, {"<=", relation::at_most},
	{">=", relation::at_least}, {"<", relation::less},     {">", relation::greater},
};

const relation_mark* take_relation(line_reader& line) {
	for (const relation_mark& each : relations)
		if (line.accept(each.mark))
			return &each;
	if (line.accept("="))
		line.refuse("'=' is for settings, before the first event; what is expected is written ==");
	return nullptr;
}

/// ".retransmits", ".limits[2].port": up to a space or a relation.
std::string take_path(line_reader& line) {
	std::string path;
	while (line.peek().starts_with('.') || line.peek().starts_with('[')) {
		if (line.peek().starts_with('[')) {
			path.append("[").append(line.between('[', ']', "the index")).append("]");
			continue;
		}
		path.append(line.word("the member"));
	}
	return path;
}

void parse_entries(line_reader& line, about_map& into) {
	into.asks = about_map::question::entries;
	const s64 count = line.accept("no") ? 0 : line.number("how many entries");
	if (count < 0 || count > s64{0xffffffff})
		line.refuse("a map has 0 entries or more, and fewer than 4294967296");
	into.entries = static_cast<u32>(count);
	if (!line.accept("entries") && !line.accept("entry"))
		line.refuse("'has' is followed by a number and 'entries'");
}

statement parse_map(line_reader& line) {
	about_map about{std::string(line.word("the map's name"))};
	if (line.peek().starts_with('['))
		about.key = line.between('[', ']', "the key");
	about.path = take_path(line);
	if (about.path.empty() && line.accept("exists")) {
		about.asks = about_map::question::exists;
	} else if (about.path.empty() && line.accept("absent")) {
		about.asks = about_map::question::absent;
	} else if (!about.key && about.path.empty() && (line.accept("has") || line.peek_word() == "no")) {
		parse_entries(line, about);
	} else if (const relation_mark* const mark = take_relation(line)) {
		about.is = mark->is;
		about.value = line.rest("the value");
	} else {
		line.refuse(
			"what of the map? Write == and a value (or != < <= > >=), 'exists' or 'absent' behind a key, or "
			"'has 2 entries' behind the map's name");
	}
	if (about.asks == about_map::question::exists || about.asks == about_map::question::absent)
		if (!about.key)
			line.refuse(
				"'exists' and 'absent' are of a key: map NAME[KEY] absent; of a map without entries write "
				"'map NAME has no entries'");
	return {std::move(about)};
}

statement parse_global(line_reader& line) {
	about_global about{std::string(line.word("the variable's name")), relation::equal, {}};
	about.path += take_path(line);
	const relation_mark* const mark = take_relation(line);
	if (!mark)
		line.refuse("what of the variable? Write == and a value, or != < <= > >=");
	about.is = mark->is;
	about.value = line.rest("the value");
	return {std::move(about)};
}

/// "records MAP: {…} {…}"
statement parse_records(line_reader& line) {
	std::string_view map = line.word("the map's name");
	about_records about{std::string(map.substr(0, map.find_last_not_of(':') + 1)), {}};
	if (!map.ends_with(':') && !line.accept(":"))
		line.refuse("a ':' is missing behind the map's name: records MAP: {…} {…}");
	if (line.accept("nothing"))
		return {std::move(about)};
	do {
		about.values.push_back(line.value("a record, or 'nothing',"));
		(void)line.accept(",");
	} while (!line.at_end());
	return {std::move(about)};
}

statement parse_printk(line_reader& line) {
	about_printk about;
	if (line.accept("nothing"))
		return {std::move(about)};
	do {
		about.lines.push_back(line.quoted("a line, or 'nothing',"));
		(void)line.accept(",");
	} while (!line.at_end());
	return {std::move(about)};
}

statement parse_spoils(line_reader& line) {
	about_spoils about;
	if (line.accept("nothing"))
		return {std::move(about)};
	do {
		const std::string_view name = line.word("what was spoiled, or 'nothing',");
		const std::optional<spoil> kind = find_spoil(name);
		if (!kind)
			line.refuse(quoted(name) + " is nothing that a program takes from another: that is " +
						all_spoil_names());
		about.all.push_back(parse_spoil(line, *kind));
		(void)line.accept(",");
	} while (!line.at_end());
	return {std::move(about)};
}

statement parse_finding(line_reader& line) {
	return {about_trouble{true, line.quoted("a part of its message")}};
}
statement parse_stopped(line_reader& line) {
	return {about_trouble{false, line.quoted("a part of its message")}};
}

/// Sockets, what the kernel's headers name, and what values are written with.
bool is_taken(std::string_view name) noexcept {
	constexpr std::string_view words[] = {"_",     "client", "server", "listener", "htons",
										  "ntohs", "htonl",  "ntohl",  "true",     "false"};
	return name.starts_with("TCP_") || name.starts_with("BPF_") ||
		   std::ranges::find(words, name) != std::end(words);
}

statement parse_let(line_reader& line) {
	const std::string_view name = line.word("the variable's name");
	if (!is_variable(name) || name.find('.') != name.npos)
		line.refuse(quoted(name) + " is no name: letters, digits and _ make one");
	if (is_taken(name))
		line.refuse(quoted(name) + " has a meaning already: choose another name");
	if (!line.accept("="))
		line.refuse("'=' and a value are missing: let NAME = client.cookie");
	variable made{std::string(name), line.amount("its value")};
	if (made.value.is_any())
		line.refuse("_ is no value that a name could be given: write a number, or one of a socket's, as "
					"client.cookie");
	return {std::move(made)};
}

statement parse_fired(line_reader& line) { return {parse_deeds(line, std::nullopt)}; }

statement parse_of_client(line_reader& line) { return {parse_deeds(line, side::client)}; }
statement parse_of_server(line_reader& line) { return {parse_deeds(line, side::server)}; }

struct statement_form {
	std::string_view word;
	statement (*parse)(line_reader& line);
};
constexpr statement_form forms[] = {
	{"client:", parse_of_client}, {"server:", parse_of_server}, {"fired:", parse_fired},
	{"map", parse_map},           {"global", parse_global},     {"records", parse_records},
	{"printk:", parse_printk},    {"spoiled:", parse_spoils},   {"finding", parse_finding},
	{"stopped", parse_stopped},   {"let", parse_let},
};

const statement_form* find_form(std::string_view word) noexcept {
	const auto* const found = std::ranges::find(forms, word, &statement_form::word);
	return found == std::end(forms) ? nullptr : found;
}

} // namespace

bool is_statement(std::string_view word) noexcept { return find_form(word) != nullptr; }

void parse_side_line(words& line) {
	line_reader rest(line);
	(void)parse_deeds(rest, side::client);
}

void parse_statement(words& line, timeline& into) {
	const std::string_view first = line.take("");
	if (into.events.empty())
		line.refuse("what is to be seen stands below an event, and none has happened yet");
	timeline_event& event = into.events.back();
	if (first == "fired:" && event.what != timeline_action::fire)
		line.refuse("'fired:' stands below an event 'fire', and the event before is another");
	line_reader rest(line);
	statement read = find_form(first)->parse(rest);
	rest.end();
	event.statements.push_back(
		{line.line(), line.text(), std::make_shared<const statement>(std::move(read))});
}

} // namespace sockops::testing::parser
