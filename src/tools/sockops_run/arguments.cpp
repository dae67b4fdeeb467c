// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <sockops/object/object_set.hpp>

namespace sockops_run {

using namespace sockops::testing;

const char usage[] =
	R"(usage: sockops-run PROGRAM.o|PROGRAM.c[@CGROUP]... [options]
       sockops-run --vmlinux-h [--shuffle NUMBER]
       sockops-run --helpers

Loads object files of SOCK_OPS programs, plays what happens to a TCP connection, and prints each
callback that they saw: what they replied, set, printed and left in their maps, and what one program
took from another. Neither a kernel nor root is asked.

Several objects are attached in the order in which they are named, each to its cgroup: a.o@/
b.o@/web. Those of a deeper cgroup run first, as in a kernel. Where several objects have something
of one NAME, b:NAME says whose it is, b being the file's name up to its first dot; an object's
second time is b#2. The client's sockets are in CGROUP/client and the server's in CGROUP/server,
CGROUP being the deepest one that is named, or /. An object without a cgroup is attached to /, or
to the side's.

A PROGRAM.c is compiled first, by clang (SOCKOPS_BPF_CLANG) as a kernel would have it.

  --native             run the C source compiled for this machine by cc (CC), in place of the object
                       file's instructions, for a debugger, sanitizers and coverage; the source of a
                       PROGRAM.o is where it was when that was compiled
  --native-flag FLAG   an option for that compiler: -fsanitize=address,undefined, --coverage, -O0
  -I FOLDER, -D NAME   options for both compilers
  --keep FOLDER        leave there what is compiled, with it tune.native.c for gcov -o FOLDER
  --prog NAME          load and attach this program alone; several times for several, in that
                       order (else: all of its object)
  --side SIDE          client, server or both: whose sockets the programs run for (else: both)
  --client-cgroup PATH the cgroup of the client's sockets
  --server-cgroup PATH the cgroup of the server's sockets
  --timeline FILE      what happens; tests/timelines/FORMAT.md has the format (else: a built-in one,
                       in which a client connects, data is lost both ways, and both sides close)
  --client ADDR:PORT   where the client is, in place of the timeline's: 10.1.2.3:40000,
                       [2001:db8::2]:40000
  --server ADDR:PORT   where the server is; '[::]:443 at 10.0.0.1' is an IPv6 socket of any address,
                       found at 10.0.0.1
  --ipv6               addresses are IPv6 (those of --client and --server say so themselves)
  --congestion NAME    a congestion control that there is besides reno, cubic, nv and the timeline's
  --expect             fail if what the timeline expects is not what is seen
  --keep-going         a program that is stopped is no failure
  --set NAME=VALUE     a global variable, before the programs are loaded: NAME, NAME.MEMBER,
                       NAME[2]; VALUE as that of --map, or for an array of char a text
  --map MAP[KEY]=VALUE what a HASH, LRU_HASH, ARRAY or one for each CPU holds before the run, by the
                       types of its keys and values: 'conf[0]={1, 2}', 'peers[{"port": 80}]=0x1f',
                       'names[eth0]="web"', of no known type bytes: 'raw[0a 00 00 01]=1'
  --kconfig OPTION     what a variable with __kconfig is: CONFIG_NAME=VALUE, as a .config has it; or
                       a whole file of that, as /proc/config.gz (CONFIG_HZ is known, and 250)
  --watch NAME         print a global variable too when it changes
  --records MAP=TYPE   print the records of a ring buffer or perf event array as this type of the
                       object, as in --records 'events=struct event' (else: as bytes)
  --maps               print what all maps and global variables hold at the end
  --json               one JSON object a line
  --vmlinux-h          print a vmlinux.h of the types that are known here, for programs that are
                       compiled where no kernel's is at hand
  --shuffle NUMBER     with it: members in another order, another one for each number; a program
                       whose accesses are all relocated (CO-RE) does the same
  --helpers            print the helpers and kfuncs that SOCK_OPS programs may call: what each
                       takes, in which callbacks it works, and why one is not here
  --help               this text

A line of text has the virtual time, the side, the callback as timelines write it (with retransmits,
rto and expired: RTO(0,250,0); * for one without a full socket), the state of the socket, what each
program returned, and what it did. Below it stands what was left in maps, and behind a '!' what one
program took from another, or from itself.

With --json the member "kind" says what a line is:
  start  objects [name, file, cgroup, programs, notices], programs, notices, timeline, ipv6,
         client_cgroup, server_cgroup
  event  time_ns, text: what happens to the connection
  call   time_ns, side, op, args, full_socket, state, fate, result (of tcp_call_bpf());
         programs [name, returned, reply and flags: [before, after]];
         options [program, op, level, optname, name, value, error: null or "EINVAL"];
         maps [map, key, old, new: null for none]; records [map, value]; printk []; faults [];
         spoiled [what, of [], by [], value, text], what being discarded_reply, replaced_reply,
         taken_flags, dropped_options, changed_argument or replaced_option;
         hints []
  end    calls, denied {calls, programs {name: in how many it returned 0}, replies: thrown away},
         spoiled [what, of [], by [], op, count, first_ns, first_side, text: of the first],
         faults [program, count, last], withheld {op: how often its flag was clear},
         differences [line, side, event, what], exit_status;
         with --maps: maps [map, type, entries [key, value]]; of a "global variable" the key is null
Keys and values of maps, records and variables are JSON, too: a struct is an object, an array an
array, an enumerator its name, an array of char a string (numbers, if it is no UTF-8), bytes whose
type is not known are numbers. Integers are exact, also beyond 2^53 and 2^63, where some readers of
JSON round them or refuse them.

Exit status:
  0  it was played, whatever the programs denied and took from each other
  1  with the reason on standard error: an object cannot be loaded, a timeline cannot be read, a
     name or a value in an option is not right, a cgroup has no sockets;
     with the reason in the last lines: a program was stopped (not with --keep-going), or what is
     seen is not as --expect wants it
  2  wrong command line
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

/// The key ends with the "]=" that is in no text.
filled_entry parse_entry(const std::string& word) {
	const std::size_t begin = word.find('[');
	bool in_text = false;
	for (std::size_t at = begin; begin != 0 && at < word.size(); ++at) {
		in_text ^= word[at] == '"';
		if (!in_text && word.compare(at, 2, "]=") == 0)
			return {word.substr(0, begin), word.substr(begin + 1, at - begin - 1), word.substr(at + 2), word};
	}
	throw usage_error("'--map " + word + "': the value is MAP[KEY]=VALUE");
}

std::string parse_path(const std::string& option, const std::string& path) {
	if (!sockops::object_set::is_path(path))
		throw usage_error("'" + option + path + "': a cgroup is a path from the root, as / or /web/api");
	return path;
}

/// FILE or FILE@/CGROUP: an '@' before a '/' begins the cgroup, another one is of the file's name.
placed_file parse_object(const std::string& word) {
	const std::size_t at = word.rfind("@/");
	if (at != word.npos)
		return {word.substr(0, at), parse_path(word.substr(0, at + 1), word.substr(at + 1))};
	const std::size_t other = std::min(word.find(".o@"), word.find(".c@"));
	if (other != word.npos)
		(void)parse_path(word.substr(0, other + 3), word.substr(other + 3));
	return {word, std::nullopt};
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
	else if (word == "--keep-going")
		into.keep_going = true;
	else if (word == "--native")
		into.build.native = true;
	else if (word == "--native-flag")
		into.build.native_flags.push_back(words.value_of(word));
	else if (word == "--keep")
		into.build.keep = words.value_of(word);
	else if (word.starts_with("-I") || word.starts_with("-D"))
		into.build.options.push_back(word.size() > 2 ? word : word + words.value_of(word));
	else if (word == "--client-cgroup")
		into.client_cgroup = parse_path(word + " ", words.value_of(word));
	else if (word == "--server-cgroup")
		into.server_cgroup = parse_path(word + " ", words.value_of(word));
	else if (word == "--vmlinux-h")
		into.vmlinux_h = true;
	else if (word == "--helpers")
		into.helpers = true;
	else if (word == "--shuffle")
		into.shuffle = parse_number(word, words.value_of(word));
	else if (word == "--prog")
		into.progs.push_back(words.value_of(word));
	else if (word == "--side")
		into.side = parse_side(words.value_of(word));
	else if (word == "--timeline")
		into.timeline = words.value_of(word);
	else if (word == "--client")
		into.client = words.value_of(word);
	else if (word == "--server")
		into.server = words.value_of(word);
	else if (word == "--congestion")
		into.congestion.push_back(words.value_of(word));
	else if (word == "--kconfig")
		into.kconfig.push_back(words.value_of(word));
	else if (word == "--watch")
		into.watch.push_back(words.value_of(word));
	else if (word == "--set")
		into.set.push_back(parse_pair(word, words.value_of(word), "NAME=VALUE"));
	else if (word == "--map")
		into.map.push_back(parse_entry(words.value_of(word)));
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
		else
			parsed.objects.push_back(parse_object(word));
	}
	const auto is_placed = [](const placed_file& each) { return each.cgroup.has_value(); };
	if (parsed.side && !parsed.objects.empty() &&
		std::all_of(parsed.objects.begin(), parsed.objects.end(), is_placed))
		throw usage_error("'--side' is for an object without a cgroup: where each has one, say @/client or "
						  "@/server");
	if (!parsed.build.native_flags.empty() && !parsed.build.native)
		throw usage_error("'--native-flag' goes with --native");
	if (parsed.shuffle && !parsed.vmlinux_h)
		throw usage_error("'--shuffle' goes with --vmlinux-h");
	if (parsed.objects.empty() && !parsed.help && !parsed.vmlinux_h && !parsed.helpers)
		throw usage_error("which object? Its file is missing");
	return parsed;
}

} // namespace sockops_run
