#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# What a kernel answered, in a folder that follow.sh has filled, against what is recorded; and for each difference the
# rows to touch, by the table of .github/FOLLOWING.md.
#
#   python3 tests/kernel/follow.py FOLDER    exit status: 0 nothing differs, 1 something does, 2 not all could be compared
#   python3 tests/kernel/follow.py --check   names and files of that table are those that there are
import errno
import json
import os
import re
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
PAGE = ".github/FOLLOWING.md"
RECORDED = {"recorded.txt": "tests/vm/isa", "recorded_operands.txt": "tests/vm/isa", "recorded_programs.txt": "tests/vm/isa"}
for json_file in ("enumeration", "random", "scenarios", "header_options", "sockopt", "replies", "traces-ipv4", "traces-ipv6"):
    RECORDED[json_file + ".json"] = "tests/kernel/recorded"
SHOWN = 10  # differences of one file or comparison


def text_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def table():
    """From the page: name -> (files with rows, other files)."""
    found = {}
    for line in text_of(PAGE).splitlines():
        cells = [re.findall(r"`([^`]*)`", cell) for cell in line.split("|")]
        if line.startswith("| `") and len(cells) == 5:
            found.update((name, (cells[2], cells[3])) for name in cells[1])
    return found


def comparisons():
    rows = (line.split(None, 2) for line in text_of("tests/kernel_cases.txt").splitlines())
    return [row[2] for row in rows if len(row) == 3 and row[0].isdigit()]


class difference:
    """One answer that is another: where and how, in words; and the patterns that its rows match."""

    def __init__(self, text, *patterns):
        self.text, self.patterns = text, patterns


def result(value):
    """0, a length, or the name of an errno."""
    number = int(value) if isinstance(value, int) or re.fullmatch(r"-?\d+", str(value)) else None
    return errno.errorcode.get(-number, str(number)) if number is not None and number < 0 else str(value)


# The files: each gives pairs of a name that both kernels have, and what was answered; and how a difference is told.

def attach_answers(whole):
    for tree in whole["trees"]:
        for number, step in enumerate(tree["steps"]):
            yield ("%s, step %d" % (tree["name"], number), json.dumps(step["do"])), step
        for case in tree["cases"] if "cases" in tree else ():
            yield (tree["name"], json.dumps(case["do"])), case


def attach_difference(key, old, new):
    where = "%s: %s" % (key[0], re.sub(r'[{}"]', "", key[1]))
    if old["answer"] != new["answer"]:
        words = [r"///<.*\b%s\b" % each for each in (old["answer"], new["answer"]) if each != "ok"]
        return difference("%s: was %s, now %s" % (where, old["answer"], new["answer"]), *words)
    part = "found" if old.get("found") != new.get("found") else "now"
    return difference("%s: %s was %s, now %s" % (where, part, json.dumps(old.get(part)), json.dumps(new.get(part))))


def without_chance(header):
    """A header's bytes without ports, sequence numbers, window, checksum and time stamps."""
    data = bytearray.fromhex(header or "")
    for at in (*range(0, 12), *range(14, 18)):
        if at < len(data):
            data[at] = 0
    at = 20
    while at + 1 < len(data) and data[at] > 1 and data[at + 1] >= 2 or at < len(data) and data[at] == 1:
        if data[at] == 1:
            at += 1
            continue
        if data[at] in (2, 8):
            data[at + 2 : at + data[at + 1]] = bytes(len(data[at + 2 : at + data[at + 1]]))
        at += data[at + 1]
    return data.hex()


def header_option_answers(whole):
    for run in whole["runs"]:
        situation = [run["op"], run.get("request", False), run.get("room"), without_chance(run.get("header")),
                     without_chance(run.get("syn"))]
        for number, call in enumerate(run["calls"]):
            asked = {name: call[name] for name in ("do", "len", "flags", "bytes") if name in call}
            situation.append(json.dumps(asked))
            yield (json.dumps(situation), number, run["op"], call["do"], json.dumps(asked)), {"result": call["result"]}
        yield (json.dumps(situation), "reserved", run["op"], "reserve", ""), {"result": run.get("reserved")}


def header_option_difference(key, old, new):
    asked = re.sub(r'do: |[{}"]', "", re.sub(r'"', "", key[4]))
    return difference("op %s: %s: was %s, now %s" % (key[2], asked or "reserved in all", old["result"], new["result"]),
                      r"\bbpf_%s_hdr_opt\b" % key[3])


SYNS = {(6, 28), (6, 1005), (6, 1006), (6, 1007)}  # TCP_SAVED_SYN, TCP_BPF_SYN and its kin: with ports and numbers of their own


def sockopt_answers(whole):
    for scene in whole["scenes"]:
        for act in scene["acts"]:
            where = "%s, %s, %s, op %d" % (scene["name"], scene["shape"], scene["family"], act["op"])
            said = ""
            for step in act["steps"]:
                kind, level, optname, length, value, answer = step.split(" ")
                said += " %s %s %s %s" % (kind, level, optname, length)
                if kind == "set":
                    said += " " + value
                if (int(level), int(optname)) in SYNS and kind == "get" and value != "=":
                    value = "a SYN"
                if kind != "given":
                    yield (where, said, kind, level, optname, length), (value, answer)


def numbers_of_options():
    """(level, number) -> the option's name, from its table and the UAPI's numbers."""
    room, numbers = "", {}
    for line in text_of("include/sockops/bpf/uapi.hpp").splitlines():
        room = re.match(r"namespace (\w+)", line)[1] if line.startswith("namespace ") else "" if line.startswith("}") else room
        for name, value in re.findall(r"\b(\w+) = (\d+)\b", line):
            numbers[room + "::" + name if room and room != "sockops" else name] = int(value)
            numbers.setdefault(name, int(value))
    rows = re.findall(r"\{(sol::\w+), ([\w:]+), \"(\w+)\"", text_of("src/hook/sockopt_table.cpp"))
    return {(numbers[level], numbers[name]): words for level, name, words in rows if level in numbers and name in numbers}


def sockopt_difference(key, old, new):
    where, _, kind, level, optname, length = key
    name = numbers_of_options().get((int(level), int(optname)))
    called = name or "option %s of level %s (without a row)" % (optname, level)
    value = " value" if old[1] == new[1] else ""
    was, now = (old[0], new[0]) if value else (result(old[1]), result(new[1]))
    asked = ", %s" % old[0] if kind == "set" else ""
    return difference("%s: %s %s, %s bytes%s:%s was %s, now %s" % (where, kind, called, length, asked, value, was, now),
                      r'"%s"' % name if name else r"^\s*constexpr sockopt_info table")


def reply_answers(whole):
    for row in whole["rows"]:
        seen = {name: value for name, value in row.items() if name not in ("op", "programs")}
        yield (row["op"], json.dumps(row["programs"])), seen


def reply_difference(key, old, new):
    names = sorted(name for name in {**old, **new} if old.get(name) != new.get(name))
    words = ", ".join("%s was %s, now %s" % (name, old.get(name, 0), new.get(name, 0)) for name in names)
    return difference("%s, programs [reply, return] %s: %s" % (key[0], key[1], words), r'"%s(_CB)?"' % key[0])


def trace_answers(whole):
    for trace in whole["traces"]:
        for number, step in enumerate(trace["steps"]):
            for side in ("client", "server"):
                yield (trace["name"], number, step["step"], side), step[side]


def trace_difference(key, old, new):
    at = next((n for n, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))
    was, now = (calls[at] if at < len(calls) else {"op": "nothing more"} for calls in (old, new))
    words = ["%s was %s, now %s" % (name, was.get(name), now.get(name))
             for name in sorted({**was, **now}) if was.get(name) != now.get(name)]
    return difference("%s, '%s', %s, call %d, %s: %s" % (key[0], key[2], key[3], at + 1, was["op"], "; ".join(words)),
                      *(r'"%s(_CB)?"' % call["op"] for call in (was, now)))


def lines_of(whole):
    for line in whole.splitlines():
        if not line.startswith("#"):
            # recorded.txt begins with the name, the others end with it.
            words = re.match(r"(\w+) ((?:r0|low|refused) .*)", line) or re.match(r"(\S+ \S+) (.*)", line)
            yield (words[1], words[2]) if re.match(r"r0|low|refused", words[2]) else (words[2], words[1])


def line_difference(key, old, new):
    patterns = [r"\b%s\b" % word for word in ("opcode",) if word in old + new]
    return difference("%s: was %s, now %s" % (key, old, new), *patterns)


KINDS = {
    "enumeration.json": (attach_answers, attach_difference),
    "random.json": (attach_answers, attach_difference),
    "scenarios.json": (attach_answers, attach_difference),
    "header_options.json": (header_option_answers, header_option_difference),
    "sockopt.json": (sockopt_answers, sockopt_difference),
    "replies.json": (reply_answers, reply_difference),
    "traces-ipv4.json": (trace_answers, trace_difference),
    "traces-ipv6.json": (trace_answers, trace_difference),
}


def answers_in(folder, name):
    """The answers of a file by what was asked; of what was asked twice, the first."""
    found, text = {}, text_of(os.path.join(folder, name))
    for key, answer in KINDS[name][0](json.loads(text)) if name in KINDS else lines_of(text):
        found.setdefault(key, answer)
    return found


def tell_of_the_machine(folder):
    """What answers depend on besides the kernel, where it is another than that of the recording."""
    was, now = (json.loads(text_of(os.path.join(place, "sockopt.json")))["where"] for place in (RECORDED["sockopt.json"], folder))
    for name in was:
        if was[name] != now.get(name):
            print("another machine: %s was %s, now %s; answers that follow it differ" % (name, was[name], now.get(name)))


def compare(folder, name):
    """(how many answers both have, differences)"""
    old, new = answers_in(RECORDED[name], name), answers_in(folder, name)
    tell = KINDS[name][1] if name in KINDS else line_difference
    both = [key for key in old if key in new]
    found = [tell(key, old[key], new[key]) for key in both if old[key] != new[key]]
    return len(both), found


def from_log(path):
    """name -> (cases, mismatches, the lines that the test printed of it). Several run at once, each with a number."""
    found, lines_of_tests = {}, {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for test, line in re.findall(r"^(\d+): (.*)$", file.read(), re.M):
            lines = lines_of_tests.setdefault(test, [])
            said = re.match(r"kernel-diff (.*): cases=(\d+) mismatches=(\d+)", line)
            if said:
                found[said[1]] = (int(said[2]), int(said[3]), lines)
                lines_of_tests[test] = []
            elif not re.match(r"\[|Note:|Running|Test command|Working|Test timeout|SOCKOPS_SEED|\s*$", line):
                lines.append(line)
    return found


def live_patterns(line):
    """What a line of a comparison names: a helper by number, a place in the context, an identifier."""
    yield from (r"here\(%s,|\{%s, " % (number, number) for number in re.findall(r"\bhelper (\d+)", line))
    yield from (r'", %s[,)]' % place for place in re.findall(r"\b(?:read|written) at (-?\d+)", line))
    yield from (r"\b%s\b" % word for word in re.findall(r"\b[A-Za-z]\w*_\w+|\b[A-Z]{4,}\b", line))


def rows_of(files, patterns):
    """file:line: the row; at most four of a file."""
    for name in files:
        if not os.path.isfile(os.path.join(ROOT, name)):
            continue
        rows = [(number, line.strip()) for number, line in enumerate(text_of(name).splitlines(), 1)
                if any(re.search(pattern, line) for pattern in patterns)]
        for number, row in rows[:4]:
            yield "%s:%d: %s" % (name, number, row if len(row) <= 100 else row[:99] + "…")


def tell(name, differences, all_of_them):
    rows, rest = table()[name]
    print("%s: %d %s" % (name, all_of_them, "answer differs" if all_of_them == 1 else "answers differ"))
    for each in differences[:SHOWN]:
        print("  " + each.text)
        for row in rows_of(rows, each.patterns) if each.patterns else ():
            print("    " + row)
    if all_of_them > SHOWN:
        print("  … and %d more" % (all_of_them - SHOWN))
    print("  rows in %s%s" % (", ".join(rows), "; and " + ", ".join(rest) if rest else ""))


def check():
    wrong, known = [], table()
    wanted = comparisons() + list(RECORDED)
    wrong += ["%s has no row for '%s'" % (PAGE, name) for name in wanted if name not in known]
    wrong += ["%s has a row for '%s', which there is not" % (PAGE, name) for name in known if name not in wanted]
    for files in known.values():
        wrong += ["%s names %s, which there is not" % (PAGE, file) for file in files[0] + files[1]
                  if not os.path.exists(os.path.join(ROOT, file))]
    print("\n".join(wrong) or "%d comparisons and recordings, each with its files" % len(wanted))
    return 1 if wrong else 0


def follow(folder):
    folder, cases = os.path.abspath(folder), {}
    differs, different, answers, whole = 0, 0, 0, True
    log = os.path.join(folder, "comparisons.log")
    if os.path.exists(log):
        cases = from_log(log)
        missing = [name for name in comparisons() if name not in cases]
        if missing:
            whole = False
            print("not made (skipped, or the test failed before; comparisons.log says why): " + ", ".join(missing))
        for name, (_, mismatches, lines) in cases.items():
            if mismatches:
                differs += 1
                tell(name, [difference(line, *live_patterns(line)) for line in lines], mismatches)
        print("%d comparisons made, %s with a difference" % (len(cases), differs or "none"))
    for name in RECORDED:
        if not os.path.exists(os.path.join(folder, name)):
            whole = False
            print("%s: not in %s" % (name, folder))
            continue
        if name == "sockopt.json":
            tell_of_the_machine(folder)
        both, found = compare(folder, name)
        answers += both
        different += len(found)
        if found:
            tell(name, found, len(found))
    print("%s recorded answers compared, %s" % (format(answers, ","), "%d differ" % different if different else "none differs"))
    if differs or different:
        return 1
    print("nothing differs" if whole else "nothing could be compared" if not answers and not cases
          else "nothing differs in what was compared; what was not is named above")
    return 0 if whole else 2


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-") and sys.argv[1] != "--check":
        print("\n".join(line[2:] for line in text_of("tests/kernel/follow.py").splitlines()[2:7]), file=sys.stderr)
        return 2
    try:
        return check() if sys.argv[1] == "--check" else follow(sys.argv[1])
    except (OSError, ValueError, KeyError) as error:
        print("follow.py: %s: %s" % (type(error).__name__, error), file=sys.stderr)
        return 2


sys.exit(main())
