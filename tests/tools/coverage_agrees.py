#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""coverage_agrees.py SOCKOPS_RUN FLOOR TIMELINE SOURCE...: line counts of two compilers agree.

Each source is run through the same timeline twice: clang's instructions, interpreted and counted here (--coverage), and
gcc's for this machine, which gcov counts. Of the lines that both know, FLOOR percent have to have the same count, and
all but a few have to agree on whether they were run at all. The differences are printed. What is only known to one of
them is not compared: clang -O2 has merged it with something else, gcov calls it code and clang leaves none."""
import json
import os
import re
import subprocess
import sys
import tempfile

tool, floor, timeline, sources = sys.argv[1], float(sys.argv[2]), sys.argv[3], sys.argv[4:]


def run(words, folder):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(words)}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def interpreted(source, folder):
    run([tool, source, "--timeline", timeline, "--coverage", "all.info", "--keep-going"], folder)
    lines, ours = {}, False
    with open(os.path.join(folder, "all.info"), encoding="utf-8") as text:
        for record in text:
            if record.startswith("SF:"):
                ours = record.strip().endswith("/" + os.path.basename(source))
            elif ours and (found := re.match(r"DA:(\d+),(\d+)", record)):
                lines[int(found[1])] = int(found[2])
    return lines


def natively(source, folder):
    kept = os.path.join(folder, "kept")
    run([tool, "--native", source, "--timeline", timeline, "--native-flag", "--coverage", "--native-flag", "-O0", "--keep",
         kept, "--keep-going"], folder)
    stem = os.path.basename(source).split(".")[0]
    told = run(["gcov", "--json-format", "--stdout", "-o", kept, stem + ".native.c"], folder)
    lines = {}
    for file in json.loads(told.splitlines()[0])["files"]:
        if os.path.basename(file["file"]) == os.path.basename(source):
            for line in file["lines"]:
                lines[line["line_number"]] = max(lines.get(line["line_number"], 0), line["count"])
    return lines


compared = same = run_alike = 0
for source in sources:
    with tempfile.TemporaryDirectory() as folder:
        here, gcov = interpreted(source, folder), natively(source, folder)
    both = sorted(set(here) & set(gcov))
    differ = [line for line in both if here[line] != gcov[line]]
    compared += len(both)
    same += len(both) - len(differ)
    run_alike += sum((here[line] == 0) == (gcov[line] == 0) for line in both)
    print(f"{os.path.basename(source)}: {len(both)} lines, {len(both) - len(differ)} alike; "
          f"gcov alone knows {len(set(gcov) - set(here))}, clang alone {len(set(here) - set(gcov))}")
    with open(source, encoding="utf-8") as text:
        of_source = text.read().splitlines()
    for line in differ:
        print(f"  {line}: {here[line]}, gcov {gcov[line]}: {of_source[line - 1].strip()}")
print(f"{compared} lines: {same} have the same count ({100 * same / compared:.1f}%), "
      f"{run_alike} are alike run or not ({100 * run_alike / compared:.1f}%)")
sys.exit(0 if same >= floor / 100 * compared and run_alike >= 0.97 * compared else 1)
