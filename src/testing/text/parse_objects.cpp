// SPDX-License-Identifier: MIT
// Settings that are about objects: version, object, set, map, kconfig, records, cgroup.

#include <algorithm>
#include <iterator>

#include "line_reader.hpp"

namespace sockops::testing::parser {

namespace {

void parse_version(line_reader& line, timeline_objects&) {
	const s64 version = line.number("the version");
	if (version < 1 || version > s64{timeline_version})
		line.refuse("version " + std::to_string(version) + " of the format: version 1 to " +
					std::to_string(timeline_version) + " can be read here; a newer sockops may know it");
}

void parse_object(line_reader& line, timeline_objects& into) {
	timeline_object object{line.line().line(), std::string(line.word("the object's file"))};
	while (!line.at_end()) {
		if (line.accept("at"))
			object.cgroup = parse_cgroup(line, line.word("the cgroup"));
		else if (line.accept("as"))
			object.name = line.word("the object's name here");
		else if (line.accept("program"))
			object.programs.emplace_back(line.word("the program's name"));
		else if (!object.programs.empty())
			object.programs.emplace_back(line.word("the program's name"));
		else
			line.refuse(quoted(line.peek()) +
						" is too much: behind the file come 'at /CGROUP', 'as NAME' and "
						"'program NAME …'");
	}
	if (object.name.find(':') != object.name.npos)
		line.refuse("an object cannot be called " + quoted(object.name) +
					": a ':' stands between its name and that of a map or program");
	into.objects.push_back(std::move(object));
}

/// "NAME = VALUE", the name with its members and elements.
timeline_assignment parse_assignment(line_reader& line, const char* what, const char* value) {
	std::string_view before = line.peek();
	const std::size_t equals = before.find('=');
	if (equals == before.npos || equals == 0)
		line.refuse(std::string(what) + ", '=' and " + value + " are missing");
	std::string name(before.substr(0, equals));
	name.resize(name.find_last_not_of(" \t") + 1);
	line = line_reader(line.line(), before.substr(equals + 1));
	return {line.line().line(), std::move(name), line.rest(value)};
}

void parse_set(line_reader& line, timeline_objects& into) {
	into.globals.push_back(parse_assignment(line, "the variable", "its value"));
}

void parse_records(line_reader& line, timeline_objects& into) {
	into.records.push_back(parse_assignment(line, "the map", "the type of its records"));
}

timeline_map_entry read_entry(line_reader& line) {
	timeline_map_entry entry{line.line().line(), std::string(line.word("the map's name")), {}, {}};
	entry.key = line.between('[', ']', "the key");
	if (line.peek().starts_with("=="))
		line.refuse("'==' expects a value, below an event; before the first event '=' fills the map");
	if (!line.accept("="))
		line.refuse(
			"'=' and the value are missing: before the first event a map is filled, as in map conf[0] = 1");
	entry.value = line.rest("the value");
	return entry;
}

void parse_entry(line_reader& line, timeline_objects& into) { into.entries.push_back(read_entry(line)); }

void parse_kconfig(line_reader& line, timeline_objects& into) {
	into.kconfig.push_back({line.line().line(), line.rest("the option, as in CONFIG_HZ=250")});
}

void parse_cgroup_of_side(line_reader& line, timeline_objects& into) {
	const bool is_client = line.accept("client");
	if (!is_client && !line.accept("server"))
		line.refuse("whose cgroup? write client or server after 'cgroup'");
	(is_client ? into.client_cgroup : into.server_cgroup) = parse_cgroup(line, line.word("the cgroup"));
}

struct object_setting {
	std::string_view word;
	void (*parse)(line_reader& line, timeline_objects& into);
};
constexpr object_setting settings[] = {
	{"version", parse_version},
	{"object", parse_object},
	{"set", parse_set},
	{"map", parse_entry},
	{"kconfig", parse_kconfig},
	{"records", parse_records},
	{"cgroup", parse_cgroup_of_side},
};

const object_setting* find_setting(std::string_view word) noexcept {
	const auto* const found = std::ranges::find(settings, word, &object_setting::word);
	return found == std::end(settings) ? nullptr : found;
}

} // namespace

bool is_object_setting(std::string_view word) noexcept { return find_setting(word) != nullptr; }

void parse_object_setting(words& words_of_line, timeline_objects& into) {
	const object_setting* const setting = find_setting(words_of_line.take("a setting"));
	line_reader line(words_of_line);
	setting->parse(line, into);
	line.end();
}

} // namespace sockops::testing::parser

namespace sockops::testing {

timeline_map_entry map_entry_of(std::string_view text) {
	parser::words line(0, text);
	parser::line_reader reader(line);
	return parser::read_entry(reader);
}

} // namespace sockops::testing
