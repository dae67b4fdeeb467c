// SPDX-License-Identifier: MIT
// What the command line of sockops-run is, in words.
#include "option_table.hpp"

namespace sockops_run {

using sockops::tools::command;
using sockops::tools::word_kind;

const command& this_command() {
	static const command is{
		.name = "sockops-run",
		.purpose = "what SOCK_OPS programs do in a TCP connection, callback by callback",
		.synopsis = {"PROGRAM.o|PROGRAM.c[@CGROUP]... [options]", "--test PATH... [options]",
					 "--check PROGRAM.o|PROGRAM.c... [options]", "--contents PROGRAM.o...",
					 "--vmlinux-h [--shuffle NUMBER]", "--helpers"},
		.description =
			R"(Loads object files of SOCK_OPS programs, plays what happens to a TCP connection, and prints each
callback that they saw: what they replied, set, printed and left in their maps, and what one program
took from another. Neither a kernel nor root is asked, but with --ask-kernel.

Several objects are attached in the order in which they are named, each to its cgroup: a.o@/
b.o@/web. Those of a deeper cgroup run first, as in a kernel. Where several objects have something
of one NAME, b:NAME says whose it is, b being the file's name up to its first dot; an object's
second time is b#2. The client's sockets are in CGROUP/client and the server's in CGROUP/server,
CGROUP being the deepest one that is named, or /. An object without a cgroup is attached to /, or to
the side's.

A PROGRAM.c is compiled first, by clang (SOCKOPS_BPF_CLANG) as a kernel would have it.

With --test, text tests are run: timelines that name their objects, and say what their programs must do.
Each is a line, ok or FAILED, with what failed below it.

With --check nothing is run: of each program of each object, which are not put together, a line says
whether a kernel takes it. Below REFUSED stand the reason and its rule, the remedy, and the branches and
calls that lead there. An object without a sock_ops program is passed over, and with --prog one that has
none of those named. --ask-kernel lets this machine's kernel have its say, which is put beside: it is the
only one that is right about that kernel.

Bytes that a program has not written hold something else with each --seed, and never 0; where a lookup, a
branch, a return or a record depends on them, it is told, with the line of C (not with --native).)",
		.operand = word_kind::object,
		.options = options_of(option_table()),
		.sections =
			{{"Output",
			  R"(A line of text has the virtual time, the side, the callback as timelines write it (with retransmits,
rto and expired: RTO(0,250,0); * for one without a full socket), the state of the socket, what each
program returned, and what it did. Below it stands what was left in maps, and behind a '!' what one
program took from another, or from itself. Dots in a struct stand for members that are 0.

With --json the member "kind" says what a line is. sockops-run.schema.json is its JSON schema, beside
FORMAT.md (share/doc/sockops; share/doc/sockops-run of the static form); the first line has its version:)",
			  {{"start", "version (1), seed, objects [name, file, cgroup, programs, notices, kernel: of "
						 "--ask-kernel, as "
						 "that of a check], programs, notices, "
						 "timeline, ipv6, "
						 "client_cgroup, server_cgroup"},
			   {"event", "time_ns, text: what happens to the connection"},
			   {"call",
				"time_ns, side (null: the timeline fired it), op, args, full_socket, state, fate, result (of "
				"tcp_call_bpf()); programs "
				"[name, returned, reply and flags: [before, after]]; options [program, op, level, "
				"optname, name, value, error: null or \"EINVAL\"]; maps [map, key, old, new: null for "
				"none]; records [map, value]; printk []; faults []; findings [] (what "
				"depended on bytes that nobody wrote); spoiled [what, of [], by [], value, "
				"text], what being discarded_reply, replaced_reply, taken_flags, dropped_options, "
				"changed_argument or replaced_option; hints []"},
			   {"end",
				"calls, denied {calls, programs {name: in how many it returned 0}, replies: thrown away}, "
				"spoiled [what, of [], by [], op, count, first_ns, first_side, text: of the first], "
				"faults [program, count, last], findings [program, count, "
				"first_ns, first_side, source_file, source_line, text], withheld {op: how often its flag was "
				"clear}, differences "
				"[line, side, event, what], unmet [line, expectation, text], unchecked, exit_status; with "
				"--maps: maps "
				"[map, type, entries [key, "
				"value]]; of a \"global variable\" the key is null"},
			   {"tests",
				"of --test: version, seed, tests (how many), passed_over: timelines without an object"},
			   {"test",
				"file, passed, time_ns (that was played), calls, expectations, failures [why: expectation, "
				"stopped, finding or setup, line, expectation, text, source_file, source_line], faults [], "
				"findings []"},
			   {"tests_end", "passed, failed [file], unchecked, exit_status"},
			   {"checks",
				"of --check: version, objects (how many), kernel: the release that is asked, or null"},
			   {"check",
				"file, fate: checked, passed_over or failed, why, source_file, source_line (of one that "
				"failed), "
				"notices, programs [program, section, taken, refused: null or {by: kernel, not_here (this "
				"library has not what it asks for) or too_young, reason, rule, remedy, errno, instruction, "
				"source_file, source_line, source_text, way [instruction, text, source_file, source_line, "
				"source_text]}, not_looked_at [instruction, why, source_file, source_line, source_text], "
				"kernel: null or {program, taken, errno, "
				"text, "
				"instruction, source_file, source_line, looked_at: how many instructions}], not_asked: why "
				"the "
				"kernel did not come to them"},
			   {"checks_end",
				"taken, refused, kernel_refused: programs; failed, passed_over: objects; exit_status"}},
			  "Keys and values of maps, records and variables are JSON, too: a struct is an object, an "
			  "array an array, an enumerator its name, an array of char a string (numbers, if it is no "
			  "UTF-8), bytes whose type is not known are numbers. Integers are exact, also beyond 2^53 "
			  "and 2^63, where some readers of JSON round them or refuse them."},
			 {"Exit status",
			  "",
			  {{"0",
				"it was played, whatever the programs denied and took from each other (if --fail-if does "
				"not say otherwise); of --check: all programs are taken"},
			   {"1",
				"with the reason on standard error: an object cannot be loaded, a timeline cannot be "
				"read, a name or a value in an option is not right, a cgroup has no sockets; with the "
				"reason in the last lines: a program was stopped (not with --keep-going), what is seen is "
				"not as --expect wants it, --fail-if has found something, a program depended on bytes that "
				"nobody "
				"wrote (not with --keep-going, either), a test fails, or there is none, the kernel that "
				"--ask-kernel asks refuses a program, or does not answer; of --check: a program is refused, "
				"an "
				"object cannot be loaded, or there is no program"},
			   {"2", "wrong command line"}}},
			 {"Environment",
			  "",
			  {{"SOCKOPS_BPF_CLANG", "the clang that compiles a PROGRAM.c"},
			   {"CC", "the compiler of --native"},
			   {"TMPDIR", "where what is compiled stands until the end, if --keep names no folder"},
			   {"GITHUB_WORKSPACE",
				"the top of the tree, from which --annotations name files; else the current folder"}}}},
		.see_also = {"sockops-exec"},
	};
	return is;
}

} // namespace sockops_run
