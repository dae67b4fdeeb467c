// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include <charconv>
#include <string_view>

namespace sockops_run {

using namespace sockops::testing;

const char usage[] =
	R"(usage: sockops-run OBJECT.o [options]
       sockops-run --vmlinux-h [--shuffle NUMBER]

Loads an object file of SOCK_OPS programs, plays what happens to a TCP connection, and prints each callback
that they saw: what they replied, set, printed and left in their maps. Neither a kernel nor root is asked.

  --prog NAME          attach this program; several times for several, in that order (else: all of the file)
  --side SIDE          client, server or both: whose sockets the programs run for (else: both)
  --timeline FILE      what happens; tests/timelines/FORMAT.md has the format (else: a built-in one, in which a
                       client connects, data is lost both ways, and both sides close)
  --ipv6               addresses are IPv6
  --expect             fail if what the timeline expects is not what is seen, or a program is stopped
  --set NAME=VALUE     a global variable, before the programs are loaded: NAME, NAME.MEMBER, NAME[2];
                       VALUE a number, true, false, or for an array of char a text
  --watch NAME         print a global variable too when it changes
  --records MAP=TYPE   print the records of a ring buffer or perf event array as this type of the object,
                       as in --records 'events=struct event' (else: as bytes)
  --maps               print what all maps hold at the end
  --json               one JSON object a line
  --vmlinux-h          print a vmlinux.h of the types that are known here, for programs that are compiled where
                       no kernel's is at hand
  --shuffle NUMBER     with it: members in another order, another one for each number; a program whose accesses
                       are all relocated (CO-RE) does the same
  --help               this text

A line of text has the virtual time, the side, the callback as timelines write it (RTO(retransmits,rto,expired),
* for one without a full socket), the state of the socket, and what each program returned.

With --json the member "kind" says what a line is:
  start  object, programs, notices, timeline, ipv6
  event  time_ns, text: what happens to the connection
  call   time_ns, side, op, args, full_socket, state, fate, result (of tcp_call_bpf());
         programs [name, returned, reply and flags: [before, after]];
         options  [op, level, optname, name, value, error: null or "EINVAL"];
         maps     [map, key, old, new: C text, or null]; records [map, value]; printk []; faults []
  end    calls, faults [program, count, last], withheld {op: how often its flag was clear},
         differences [line, side, event, what], and with --maps: maps [map, entries [key, value]]

Exit status: 0; 1 with the reason on standard error: the object, the timeline, or a name or value in an option
is not right, or what is seen is not as --expect wants it; 2 for a wrong command line.
)";

namespace {

/// The words after the program's name, eaten from the front.
struct word_list {
	int left;
	const char* const* next;

	std::string take() { return --left, *next++; }
	std::string value_of(const std::string& option) {
		if (left == 0)
			throw usage_error("'" + option + "' needs a value after it");
		return take();
	}
};

named_value parse_pair(const std::string& option, const std::string& word, const char* form) {
	const std::size_t equals = word.find('=');
	if (equals == word.npos || equals == 0)
		throw usage_error("'" + option + " " + word + "': the value is " + form);
	return {word.substr(0, equals), word.substr(equals + 1)};
}

std::optional<side> parse_side(const std::string& word) {
	if (word == "both")
		return std::nullopt;
	for (const side each : {side::client, side::server})
		if (word == side_name(each))
			return each;
	throw usage_error("'--side " + word + "': it is client, server or both");
}

sockops::u64 parse_number(const std::string& option, const std::string& word) {
	sockops::u64 number = 0;
	const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
	if (error != std::errc() || end != word.data() + word.size())
		throw usage_error("'" + option + " " + word + "': the value is a number");
	return number;
}

void parse_option(const std::string& word, word_list& words, arguments& into) {
	if (word == "--help" || word == "-h")
		into.help = true;
	else if (word == "--ipv6")
		into.ipv6 = true;
	else if (word == "--json")
		into.json = true;
	else if (word == "--maps")
		into.maps = true;
	else if (word == "--expect")
		into.expect = true;
	else if (word == "--vmlinux-h")
		into.vmlinux_h = true;
	else if (word == "--shuffle")
		into.shuffle = parse_number(word, words.value_of(word));
	else if (word == "--prog")
		into.progs.push_back(words.value_of(word));
	else if (word == "--side")
		into.side = parse_side(words.value_of(word));
	else if (word == "--timeline")
		into.timeline = words.value_of(word);
	else if (word == "--watch")
		into.watch.push_back(words.value_of(word));
	else if (word == "--set")
		into.set.push_back(parse_pair(word, words.value_of(word), "NAME=VALUE"));
	else if (word == "--records")
		into.records.push_back(parse_pair(word, words.value_of(word), "MAP=TYPE"));
	else
		throw usage_error("no option '" + word + "'");
}

} // namespace

arguments parse_arguments(int argc, const char* const* argv) {
	arguments parsed;
	for (word_list words{argc - 1, argv + 1}; words.left > 0;) {
		const std::string word = words.take();
		if (word.starts_with('-'))
			parse_option(word, words, parsed);
		else if (parsed.object.empty())
			parsed.object = word;
		else
			throw usage_error("'" + word + "' after '" + parsed.object + "': one object at a time");
	}
	if (parsed.shuffle && !parsed.vmlinux_h)
		throw usage_error("'--shuffle' goes with --vmlinux-h");
	if (parsed.object.empty() && !parsed.help && !parsed.vmlinux_h)
		throw usage_error("which object? Its file is missing");
	return parsed;
}

} // namespace sockops_run
