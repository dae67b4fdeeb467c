#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""public_examples.py --include FOLDER --library FILE --work FOLDER [--examples FOLDER] [--all] [--only TEXT] [--disturb]
                   [--ns3 PREFIX] [--compiler COMMAND] [--std STANDARD] [--jobs N]

ns-3's own example programs, as they are and with the adapter's five lines put in: with a program that only watches, all
that they write is the same, byte for byte; and the program is called.

--examples  where ns-3's folders examples/ and src/ are, of the release that is compiled against; by default what
            SOCKOPS_NS3_EXAMPLES says in the environment
--ns3       where that release is installed; by default where the compiler looks
--include, --library, --work   of this library, its headers and itself; what is built, which stays for the next time
--all       all of public_examples.txt, not only what it marks with `always`
--only      rows with this text in name or arguments, in place of the marks
--disturb   the program adds a segment to the window of each new connection: succeeds if an example differs by that"""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys

import public_examples_lines
from public_examples_build import HERE, Builder, Failed, read, run, write

# What an example takes from the clock on the wall, to name a folder: no two runs share it.
WALL_CLOCK = re.compile(r"\d\d-\d\d-\d{4}-\d\d-\d\d-\d\d")
RUN_SECONDS = 300
SKIPPED = 77


class Skipped(Exception):
    """An example cannot be had here."""


class Example:
    """A row of the table: when, what is compared, name, arguments."""

    def __init__(self, line):
        self.when, self.compared, self.name, *self.arguments = line.split()
        self.title = " ".join([self.name, *self.arguments])

    def sources(self, builder, folder):
        """Its sources in the build folder, {kind: paths}; the same for all rows of that name."""
        path = self.path(folder)
        text = read(path).decode()
        missing = [each for each in re.findall(r'^\s*#\s*include\s*["<](ns3/[^">]+)', text, re.M) if not builder.has(each)]
        if missing:
            raise Skipped(f"<{missing[0]}> is not installed")
        try:
            texts = {"plain": text, "hooked": public_examples_lines.with_lines(text)}
        except public_examples_lines.Refused as reason:
            raise Failed(f"the lines cannot be put in: {reason}") from reason
        place = os.path.dirname(os.path.relpath(path, folder))
        return {kind: self.copied(path, content, os.path.join(builder.work, kind, place))
                for kind, content in texts.items()}

    def path(self, folder):
        """By the first of its names that is there: releases have renamed some."""
        for name in self.name.split("|"):
            if os.path.exists(os.path.join(folder, name)):
                return os.path.join(folder, name)
        raise Skipped(f"{self.name.replace('|', ' or ')} does not exist in {folder}")

    @staticmethod
    def copied(path, text, folder):
        """Into a folder, with what it includes from beside itself."""
        sources = [os.path.join(folder, os.path.basename(path))]
        write(sources[0], text.encode())
        for name in re.findall(r'^\s*#\s*include\s*"(\w[\w-]*)\.h"', text, re.M):
            for suffix in (".h", ".cc"):
                beside = os.path.join(os.path.dirname(path), name + suffix)
                if os.path.exists(beside):
                    write(os.path.join(folder, name + suffix), read(beside))
                    sources += [os.path.join(folder, name + suffix)] if suffix == ".cc" else []
        return tuple(sources)

    def written_by(self, program, folder, environment):
        """Runs it in an empty folder: {what it wrote: bytes}."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        try:
            done = run([program, *self.arguments], folder, env={**os.environ, **environment}, timeout=RUN_SECONDS)
        except subprocess.TimeoutExpired as late:
            raise Failed(f"still runs after {RUN_SECONDS} s") from late
        written = {"stdout": done.stdout, "stderr": done.stderr, "exit status": str(done.returncode).encode()}
        for above, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(above, name)
                written[WALL_CLOCK.sub("TIME", os.path.relpath(path, folder))] = read(path)
        shutil.rmtree(folder)
        left_out = self.compared.removeprefix("but:").split(",")
        return {name: what for name, what in written.items() if name not in left_out}


def printable(line):
    return all(0x20 <= char < 0x7f or char == 9 for char in line)


def first_difference(plain, hooked):
    """In words; empty where there is none."""
    for name in sorted(plain.keys() | hooked.keys()):
        if name not in plain or name not in hooked:
            return f"{name}: {'plain' if name in plain else 'hooked'} alone writes it"
        one, other = plain[name], hooked[name]
        if one == other:
            continue
        at = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
        lines = [each[each.rfind(b"\n", 0, at) + 1:].split(b"\n", 1)[0][:80] for each in (one, other)]
        words = " | ".join(line.decode() for line in lines) if all(map(printable, lines)) else "not text"
        return f"{name}: at byte {at} of {len(one)}, hooked of {len(other)}: {words}"
    return ""


def compare(example, builder, sources, disturb):
    """(bytes compared, calls watched, first difference)"""
    scratch = os.path.join(builder.work, "run", re.sub(r"\W+", "-", example.title)[:150])
    count = scratch + ".calls"
    environment = {"SOCKOPS_WATCHED": count, **({"SOCKOPS_DISTURB": "1"} if disturb else {})}
    plain = example.written_by(builder.program("plain", sources["plain"]), scratch + ".plain", {})
    hooked = example.written_by(builder.program("hooked", sources["hooked"]), scratch + ".hooked", environment)
    calls = 0
    if os.path.exists(count):
        calls = int(read(count))
        os.remove(count)
    if plain["exit status"] != b"0":
        raise Failed(f"without the lines it ends with {plain['exit status'].decode()}: {plain['stderr'][-300:].decode()}")
    size = sum(len(what) for name, what in plain.items() if name != "exit status")
    if size == 0:
        raise Failed("writes nothing: there is nothing to compare")
    difference = first_difference(plain, hooked)
    if calls == 0 and not difference:
        raise Failed("watched 0 calls: nothing was hooked")
    return size, calls, difference


def rows(options):
    with open(os.path.join(HERE, "public_examples.txt"), encoding="utf-8") as file:
        all_rows = [Example(line) for line in file if line.strip() and not line.startswith("#")]
    found = [each for each in all_rows if (options.only in each.title if options.only else options.all or each.when == "always")]
    if not found:
        sys.exit(f"public_examples.py: no row of public_examples.txt has '{options.only}' in it")
    return found


def build(examples, builder, folder, pool):
    """{title: its sources, or why there is no program of them}"""
    found, stale = {}, {"plain": set(), "hooked": set()}
    for example in examples:
        try:
            found[example.title] = example.sources(builder, folder)
        except (Failed, Skipped) as reason:
            found[example.title] = reason
            continue
        for kind, sources in found[example.title].items():
            if not builder.fresh(kind, sources):
                stale[kind].add(sources)
    list(pool.map(lambda kind: builder.prepare(kind, len(stale[kind])), stale))
    jobs = [(kind, sources) for kind in stale for sources in sorted(stale[kind])]
    failed = dict(zip(jobs, pool.map(lambda job: attempt(builder.program, *job), jobs)))
    for title, by_kind in found.items():
        reasons = [failed.get(each) for each in by_kind.items() if failed.get(each)] if isinstance(by_kind, dict) else []
        found[title] = reasons[0] if reasons else by_kind
    return found


def attempt(function, *arguments):
    """Why it failed, or None."""
    try:
        function(*arguments)
        return None
    except Failed as reason:
        return reason


def judge(example, builder, sources, disturb):
    """(what it comes to, a row for people)"""
    try:
        if isinstance(sources, Exception):
            raise sources
        size, calls, difference = compare(example, builder, sources, disturb)
    except Failed as reason:
        return "failed", f"{'':20}  {example.title}: FAILED: {reason}"
    except Skipped as reason:
        return "skipped", f"{'':20}  {example.title}: SKIPPED: {reason}"
    result = f"DIFFERENT: {difference}" if difference else "identical"
    return result.split(":")[0].lower(), f"{size:>11} {calls:>8}  {example.title}: {result}"


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("--include", "--library", "--work"):
        parser.add_argument(name, required=True, type=os.path.abspath)
    parser.add_argument("--examples", default=os.environ.get("SOCKOPS_NS3_EXAMPLES", ""))
    parser.add_argument("--ns3", type=os.path.abspath)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--disturb", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--std", default="c++20")
    parser.add_argument("--jobs", type=int, default=1)
    return parser.parse_args()


def main():
    options = arguments()
    if not options.examples:
        print("public_examples.py: SKIPPED: ns-3's own example programs with the adapter's lines in them; give the folder of "
              "ns-3's sources, in which examples/ and src/ are: SOCKOPS_NS3_EXAMPLES=FOLDER in the environment, or "
              "-D SOCKOPS_NS3_EXAMPLES=FOLDER to cmake")
        return SKIPPED
    if not os.path.isdir(os.path.join(options.examples, "examples")):
        sys.exit(f"public_examples.py: there is no folder examples/ in '{options.examples}', which SOCKOPS_NS3_EXAMPLES names")
    os.makedirs(options.work, exist_ok=True)
    builder = Builder(options)
    examples = rows(options)
    tally = dict.fromkeys(("identical", "different", "failed", "skipped"), 0)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        try:
            sources = build(examples, builder, options.examples, pool)
        finally:
            builder.forget_precompiled()
        print("      bytes    calls  example", flush=True)
        for result, row in pool.map(lambda each: judge(each, builder, sources[each.title], options.disturb), examples):
            tally[result] += 1
            print(row, flush=True)
    core = os.times()
    print(", ".join(f"{count} {what}" for what, count in tally.items()) + f"; {sum(core[:4]):.0f} s of core time")
    wanted, unwanted = ("different", ()) if options.disturb else ("identical", ("different",))
    return 0 if tally[wanted] and not any(tally[each] for each in ("failed", *unwanted)) else 1


if __name__ == "__main__":
    sys.exit(main())
