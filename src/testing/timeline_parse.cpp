// SPDX-License-Identifier: MIT
// A timeline's text, line by line.

#include "timeline_parser.hpp"

#include <fstream>
#include <sstream>

namespace sockops::testing {

namespace {

using namespace parser;

/// Prose that looks as if it was meant to be read.
void check_prose(unsigned line, std::string_view text) {
	const bool event = text.starts_with('+') || (!text.empty() && text[0] >= '0' && text[0] <= '9');
	if (event || text.starts_with("client: ") || text.starts_with("server: "))
		throw timeline_error(line, std::string(text),
							 "events are indented, and what is to be seen too: put a tab before it");
}

/// A setting whose words are few enough to be those of a sentence says by its last one that it is none.
bool is_name_of_a_file(std::string_view word) noexcept {
	const std::size_t mark = word.find_first_of("./=");
	return mark != word.npos && mark + 1 != word.size();
}

/// Would the line be a setting or an expectation if it was indented? Throws timeline_error if it would be
/// none, too.
bool reads_as_line(words line) {
	const std::string_view first = line.peek();
	timeline scratch;
	if (first == "object" || first == "kconfig") {
		words file = line;
		(void)file.accept(first);
		if (!is_name_of_a_file(file.peek()))
			return false;
	}
	if (is_setting(first))
		return parse_setting(line, scratch.settings), true;
	if (first == "fire") {
		(void)line.accept(first);
		return (void)parse_fire(line, scratch), true;
	}
	if (first == "no" || first == "each")
		return parse_side_line(line), true;
	if (is_object_setting(first)) {
		words setting = line;
		try {
			return parse_object_setting(setting, scratch.settings.objects), true;
		} catch (const timeline_error&) {
			if (!is_statement(first))
				throw;
		}
	}
	scratch.events.resize(1);
	scratch.events[0].what = timeline_action::fire; // below which all of them may stand
	if (const words all = line; line.accept("client:") || line.accept("server:")) {
		if (line.accept("nothing"))
			return line.end(), true;
		line = all;
	}
	return is_statement(first) && (parse_statement(line, scratch), true);
}

/// A sentence is hardly ever a whole line of another kind, down to its last word.
void check_forgotten_indent(unsigned line, std::string_view text) {
	const std::string shown(text);
	std::string read = shown;
	if (read.starts_with("Client:") || read.starts_with("Server:"))
		read[0] = static_cast<char>(read[0] - 'A' + 'a');
	const std::size_t comment = read.find(" #");
	read.resize(read.find_last_not_of(" \t", comment) + 1);
	try {
		if (!reads_as_line(words(line, read)))
			return;
	} catch (const timeline_error&) {
		return;
	}
	throw timeline_error(line, shown,
						 "what is not indented is prose, and this reads as a line that is meant: put a tab "
						 "before it, or write the sentence in another way");
}

/// Of a text test, where it stands.
bool looks_like_statement(std::string_view text) {
	const std::string_view first = text.substr(0, text.find_first_of(" \t"));
	return first.ends_with(':') ? is_statement(first)
								: (first == "map" || first == "global") && text.find("==") != text.npos;
}

class reader {
  public:
	void read(unsigned number, std::string_view raw) {
		const raw_line line = strip(raw);
		if (line.text.empty())
			return;
		if (!line.indented)
			return read_prose(number, line.text);
		words all(number, line.text);
		read(all);
	}

	timeline finish() {
		if (result_.events.empty())
			throw timeline_error(0, "",
								 "the timeline has no event: write one, as in '    +0 client connect'");
		set_scripted_side();
		check_addresses();
		if (unread_.first != 0 && !result_.settings.objects.objects.empty())
			throw timeline_error(unread_.first, unread_.second,
								 "what is to be seen is indented, and this is prose: put a tab before it");
		return std::move(result_);
	}

  private:
	void read_prose(unsigned number, std::string_view text) {
		check_prose(number, text);
		check_forgotten_indent(number, text);
		if (unread_.first == 0 && looks_like_statement(text))
			unread_ = {number, std::string(text)};
	}

	void read(words& line) {
		const std::string_view first = line.peek();
		if (first.starts_with('+')) {
			parse_event(line, result_);
			plausible_.check(line, result_.events.back(), result_);
		} else if (is_object_setting(first) && result_.events.empty()) {
			parse_object_setting(line, result_.settings.objects);
		} else if (is_side(first) && !has_deeds(after(line))) {
			parse_expectation(line, first == "client:" ? side::client : side::server, result_);
		} else if (is_statement(first)) {
			parse_statement(line, result_);
		} else if (is_setting(first) || is_object_setting(first)) {
			if (!result_.events.empty())
				line.refuse("a setting after the first event: all of them come before it");
			note_addresses(first, line);
			parse_setting(line, result_.settings);
		} else if (is_what_is_seen(line)) {
			line.refuse("a ':' is missing behind " + quoted(first) +
						": what is to be seen is written client: TIMEOUT_INIT -> 50");
		} else if (first == "client" || first == "server" || first == "link" || first == "peer" ||
				   first == "wait") {
			line.refuse("an event begins with its time: write +0 before '" + std::string(first) + "'");
		} else if (first.starts_with('-')) {
			line.refuse("time goes back: an event is so long after the one before, as in +10ms");
		} else {
			line.refuse(
				quoted(first) +
				" begins no line: an indented line is a setting, an event (+TIME …), or what is seen: of "
				"a side (client: …), of a fired op (fired: …), in a map, global, records, printk:, "
				"spoiled:; prose is not indented");
		}
	}

	static bool is_side(std::string_view word) noexcept { return word == "client:" || word == "server:"; }
	/// "client TIMEOUT_INIT": an event has a word in small letters.
	static bool is_what_is_seen(const words& line) noexcept {
		const std::string_view first = line.peek(), next = after(line).peek();
		return (first == "client" || first == "server" || first == "fired") && !next.empty() &&
			   ((next[0] >= 'A' && next[0] <= 'Z') || next == "each" || next == "no" || next == "nothing" ||
				next == "->");
	}
	static words after(words line) noexcept {
		(void)line.accept(line.peek());
		return line;
	}

	void note_addresses(std::string_view setting, const words& line) {
		family_said_ |= setting == "family";
		if (setting == "family" || setting == "address")
			addresses_line_ = {line.line(), line.text()};
	}

	/// Addresses say the family, unless it has been said.
	void check_addresses() {
		for (const auto& each : result_.settings.addresses)
			if (each && !family_said_)
				result_.settings.ipv6 = !each->over_ipv4();
		try {
			(void)checked_addresses(result_);
		} catch (const timeline_error& wrong) {
			throw timeline_error(addresses_line_.first, addresses_line_.second, wrong.reason);
		}
	}

	void set_scripted_side() {
		side acting = side::client;
		bool peer = false;
		for (const timeline_event& event : result_.events) {
			peer |= event.what == timeline_action::peer_sends;
			if (event.what < timeline_action::drop)
				acting = event.who;
		}
		if (!peer)
			return;
		result_.scripted = other(acting);
		for (timeline_event& event : result_.events)
			if (event.what == timeline_action::peer_sends)
				event.who = other(acting);
	}

	timeline result_;
	plausibility plausible_;
	bool family_said_ = false;
	std::pair<unsigned, std::string>
		unread_{}; ///< prose that would be read in a text test if it was indented
	std::pair<unsigned, std::string> addresses_line_{}; ///< the last that has to do with them
};

} // namespace

std::array<timeline_address, 2> parser::checked_addresses(const timeline& what) {
	if (what.settings.ipv6 && what.settings.mtu < 1280)
		throw timeline_error(
			0, "", "IPv6 needs an MTU of at least 1280, and it is " + std::to_string(what.settings.mtu));
	return what.addresses();
}

timeline timeline::parse(std::string_view text) {
	reader lines;
	for (unsigned number = 1; !text.empty(); ++number) {
		const std::size_t end = std::min(text.find('\n'), text.size());
		lines.read(number, text.substr(0, end));
		text.remove_prefix(std::min(end + 1, text.size()));
	}
	return lines.finish();
}

timeline timeline::parse_file(const std::string& path) {
	std::ifstream file(path, std::ios::binary);
	std::ostringstream text;
	const bool is_empty = file && file.peek() == std::ifstream::traits_type::eof() && !file.bad();
	if (!is_empty && (!file || !(text << file.rdbuf())))
		throw timeline_error(0, "", "the file '" + path + "' cannot be read: is the name right?");
	return parse(text.str());
}

} // namespace sockops::testing
