// SPDX-License-Identifier: MIT
#include "option_table.hpp"

#include "option_values.hpp"

namespace sockops_run {

using sockops::spoil;
using sockops::tools::parsed_option;
using sockops::tools::word_kind;

namespace {

std::vector<std::string_view> spoil_choices() {
	std::vector<std::string_view> names{"any", "denied"};
	for (const spoil each : sockops::all_spoils())
		names.push_back(spoil_name(each));
	return names;
}

} // namespace

const std::vector<parsed_option<arguments>>& option_table() {
	using text = const std::string&;
	static const std::vector<parsed_option<arguments>> table{
		{{"--test", "PATH",
		  "run the text tests of this file, or of all files *.timeline of this folder that name objects, and "
		  "those of "
		  "further PATHs behind it: FORMAT.md has what they can say",
		  word_kind::file},
		 [](arguments& into, text value) { into.tests.push_back(value); }},
		{{"--object-folder", "FOLDER",
		  "where objects are looked for that are not in the folder of the test that names them",
		  word_kind::folder},
		 [](arguments& into, text value) { into.object_folders.push_back(value); }},
		{{"--junit", "FILE", "write the outcome of tests there as XML, which CI systems show",
		  word_kind::file},
		 [](arguments& into, text value) { into.junit = value; }},
		{{"--check", "",
		  "only say of each program whether a kernel takes it, or why not: with the rule, the remedy, the "
		  "line "
		  "of C and the way that leads there; each object by itself, and nothing is run"},
		 [](arguments& into, text) { into.check = true; }},
		{{"--unchecked", "",
		  "run what a kernel refuses all the same; a program is stopped where it comes to what is wrong"},
		 [](arguments& into, text) { into.unchecked = true; }},
		{{"--ask-kernel", "",
		  "show the programs to this machine's kernel, too, and say what its verifier answers; nothing is "
		  "attached or pinned, and maps are small meanwhile (needs root, or CAP_BPF, CAP_NET_ADMIN and "
		  "CAP_PERFMON)"},
		 [](arguments& into, text) { into.ask_kernel = true; }},
		{{"--kernel-log", "FILE", "write there all that the verifier says of programs that it refuses",
		  word_kind::file},
		 [](arguments& into, text value) { into.kernel_log = value; }},
		{{"--native", "",
		  "run the C source compiled for this machine by cc (CC), in place of the object file's "
		  "instructions, for a debugger, sanitizers and coverage; the source of a PROGRAM.o is where it "
		  "was when that was compiled (not in the static form of this tool: --version)"},
		 [](arguments& into, text) { into.build.native = true; }},
		{{"--native-flag",
		  "FLAG",
		  "an option for that compiler: -fsanitize=address,undefined, --coverage, -O0",
		  word_kind::text,
		  {"-fsanitize=address,undefined", "-fsanitize=address", "-fsanitize=undefined", "--coverage",
		   "-O0"}},
		 [](arguments& into, text value) { into.build.native_flags.push_back(value); }},
		{{"-I", "FOLDER", "where both compilers look for headers", word_kind::folder},
		 [](arguments& into, text value) { into.build.options.push_back("-I" + value); }},
		{{"-D", "NAME", "a macro for both compilers: NAME or NAME=VALUE"},
		 [](arguments& into, text value) { into.build.options.push_back("-D" + value); }},
		{{"--keep", "FOLDER", "leave there what is compiled, with it tune.native.c for gcov -o FOLDER",
		  word_kind::folder},
		 [](arguments& into, text value) { into.build.keep = value; }},
		{{"--prog", "NAME",
		  "load and attach this program alone; several times for several, in that order (else: all of its "
		  "object)",
		  word_kind::program},
		 [](arguments& into, text value) { into.progs.push_back(value); }},
		{{"--side",
		  "SIDE",
		  "client, server or both: whose sockets the programs run for (else: both)",
		  word_kind::text,
		  {"client", "server", "both"}},
		 [](arguments& into, text value) { into.side = parse_side(value); }},
		{{"--client-cgroup", "PATH", "the cgroup of the client's sockets"},
		 [](arguments& into, text value) { into.client_cgroup = parse_path("--client-cgroup ", value); }},
		{{"--server-cgroup", "PATH", "the cgroup of the server's sockets"},
		 [](arguments& into, text value) { into.server_cgroup = parse_path("--server-cgroup ", value); }},
		{{"--timeline", "FILE",
		  "what happens; FORMAT.md in tests/timelines, share/doc/sockops or beside the static form has the "
		  "format (else: a "
		  "built-in one, in which a client connects, data is lost both ways, and both sides close)",
		  word_kind::file},
		 [](arguments& into, text value) { into.timeline = value; }},
		{{"--client", "ADDR:PORT",
		  "where the client is, in place of the timeline's: 10.1.2.3:40000, [2001:db8::2]:40000"},
		 [](arguments& into, text value) { into.client = value; }},
		{{"--server", "ADDR:PORT",
		  "where the server is; '[::]:443 at 10.0.0.1' is an IPv6 socket of any address, found at "
		  "10.0.0.1"},
		 [](arguments& into, text value) { into.server = value; }},
		{{"--ipv6", "", "addresses are IPv6 (those of --client and --server say so themselves)"},
		 [](arguments& into, text) { into.ipv6 = true; }},
		{{"--congestion",
		  "NAME",
		  "a congestion control that there is besides reno, cubic, nv and the timeline's",
		  word_kind::text,
		  {"bbr", "bic", "cdg", "dctcp", "highspeed", "htcp", "hybla", "illinois", "lp", "scalable", "vegas",
		   "veno", "westwood", "yeah"}},
		 [](arguments& into, text value) { into.congestion.push_back(value); }},
		{{"--seed",
		  "NUMBER",
		  "what bytes hold that no program wrote, and what random numbers and cookies begin with (else: 1); "
		  "the same "
		  "number, the same run; random: another one each time, which is printed",
		  word_kind::text,
		  {"random"}},
		 [](arguments& into, text value) { into.seed = parse_seed(value); }},
		{{"--kernel",
		  "RELEASE",
		  "as Linux 5.15 does it, say (else: 6.18; from 4.13 on): helpers, fields of the context, maps and "
		  "instructions that are younger are refused, their callbacks do not come, and CO-RE finds "
		  "that they are not there",
		  word_kind::text,
		  {"4.19", "5.4", "5.10", "5.15", "6.1", "6.6", "6.12", "6.18"}},
		 [](arguments& into, text value) { into.kernel = parse_kernel(value); }},
		{{"--expect", "", "fail if what the timeline expects is not what is seen"},
		 [](arguments& into, text) { into.expect = true; }},
		{{"--keep-going", "",
		  "a program that is stopped, and one that depends on bytes that nobody wrote, is no failure"},
		 [](arguments& into, text) { into.keep_going = true; }},
		{{"--fail-if", "WHAT",
		  "fail if one program takes this from another, or from itself: discarded_reply, or another of "
		  "the names that --json has for it; denied: if one returns 0 at all; any: of all that; several "
		  "times for several",
		  word_kind::text, spoil_choices()},
		 [](arguments& into, text value) { parse_fail_if(value, into); }},
		{{"--annotations", "",
		  "print failures once more on standard error, a line each, as code hosts show them beside the "
		  "source: ::error file=tune.bpf.c,line=31::what is wrong; and as a ::warning where a program "
		  "returns 0"},
		 [](arguments& into, text) { into.annotations = true; }},
		{{"--coverage", "FILE",
		  "add to FILE, which is made if it is not there, the lines, functions and branches of the C source "
		  "that the "
		  "programs have run through, in the format of lcov: genhtml --branch-coverage FILE shows it",
		  word_kind::file},
		 [](arguments& into, text value) { into.coverage = value; }},
		{{"--set", "NAME=VALUE",
		  "a global variable, before the programs are loaded: NAME, NAME.MEMBER, NAME[2]; VALUE as that "
		  "of --map, or for an array of char a text",
		  word_kind::variable},
		 [](arguments& into, text value) { into.set.push_back(parse_pair("--set", value, "NAME=VALUE")); }},
		{{"--map", "MAP[KEY]=VALUE",
		  "what a HASH, LRU_HASH, ARRAY or one for each CPU holds before the run, by the types of its "
		  "keys and values: 'conf[0]={1, 2}', 'peers[{\"port\": 80}]=0x1f', 'names[eth0]=\"web\"', of no "
		  "known type bytes: 'raw[0a 00 00 01]=1'",
		  word_kind::map},
		 [](arguments& into, text value) { into.map.push_back(parse_entry(value)); }},
		{{"--kconfig", "OPTION",
		  "what a variable with __kconfig is: CONFIG_NAME=VALUE, as a .config has it; or a whole file of "
		  "that, as /proc/config.gz (CONFIG_HZ is known, and 250)",
		  word_kind::file},
		 [](arguments& into, text value) { into.kconfig.push_back(value); }},
		{{"--watch", "NAME", "print a global variable too when it changes", word_kind::variable},
		 [](arguments& into, text value) { into.watch.push_back(value); }},
		{{"--records", "MAP=TYPE",
		  "print the records of a ring buffer or perf event array as this type of the object, as in "
		  "--records 'events=struct event' (else: as bytes)",
		  word_kind::map},
		 [](arguments& into, text value) {
			 into.records.push_back(parse_pair("--records", value, "MAP=TYPE"));
		 }},
		{{"--maps", "", "print what all maps and global variables hold at the end"},
		 [](arguments& into, text) { into.maps = true; }},
		{{"--color",
		  "WHEN",
		  "what is wrong in red: always, never, or auto, where a terminal shows it and NO_COLOR is not set "
		  "(the default)",
		  word_kind::text,
		  {"always", "auto", "never"}},
		 [](arguments& into, text value) { into.colour = parse_when(value); }},
		{{"--json", "", "one JSON object a line"}, [](arguments& into, text) { into.json = true; }},
		{{"--contents", "",
		  "print what the objects hold, and run nothing: program, map, variable (constant: of .rodata) or "
		  "option (__kconfig), and the name, a line each; of an object without a sock_ops program nothing"},
		 [](arguments& into, text) { into.contents = true; }},
		{{"--vmlinux-h", "",
		  "print a vmlinux.h of the types that are known here, for programs that are compiled where no "
		  "kernel's is at hand"},
		 [](arguments& into, text) { into.vmlinux_h = true; }},
		{{"--shuffle", "NUMBER",
		  "with it: members in another order, another one for each number; a program whose accesses are "
		  "all relocated (CO-RE) does the same"},
		 [](arguments& into, text value) { into.shuffle = parse_number("--shuffle", value); }},
		{{"--helpers", "",
		  "print the helpers and kfuncs that SOCK_OPS programs may call: what each takes, in which "
		  "callbacks it works, and why one is not here"},
		 [](arguments& into, text) { into.helpers = true; }},
		{{"--generate",
		  "WHAT",
		  "print this as a page for man(1), 'man', or a script that completes options and their values, "
		  "'bash'",
		  word_kind::text,
		  {"man", "bash"}},
		 [](arguments& into, text value) { into.generate = value; }},
		{{"--version", "", "the version, the kernel that is modelled, and what this form of the tool can"},
		 [](arguments& into, text) { into.version = true; }},
		{{"--help, -h", "", "this text"}, [](arguments& into, text) { into.help = true; }},
	};
	return table;
}

} // namespace sockops_run
