#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# What the house looks like in numbers: a table a layer, in the order of include/sockops/README.md, and what hangs
# together that should not.
#
#   python3 tests/hygiene/house.py [FOLDER]     the source tree; by default the one this file is in
#
# Needs Python 3 and Universal Ctags (Debian: python3, universal-ctags).
import json
import os
import re
import statistics
import subprocess
import sys

ROOT = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../.."))
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def layer_order():
    """The rows of the page's table, where it has one; else the folders as they were first layered."""
    page = os.path.join(ROOT, "include/sockops/README.md")
    if os.path.exists(page):
        rows = [re.findall(r"`(\w+)/`", line.split("|")[1]) for line in open(page) if line.startswith("| `")]
        return [name for row in rows for name in row]
    return "kern sync net bpf map cgroup hook trace helper vm object native testing ns3 tools".split()


def source_files():
    for top in ("include/sockops", "src"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in names:
                if name.endswith((".hpp", ".cpp", ".h")):
                    yield os.path.relpath(os.path.join(folder, name), ROOT)


def layer_of(file):
    parts = file.split("/")
    part = parts[2] if file.startswith("include/") else parts[1]
    return part if len(parts) > (3 if file.startswith("include/") else 2) else "(whole)"


def includes_of(file, known):
    found = []
    for line in open(os.path.join(ROOT, file)):
        match = INCLUDE.match(line)
        if not match:
            continue
        beside = os.path.normpath(os.path.join(os.path.dirname(file), match[2]))
        for target in (beside, "include/" + match[2], "src/" + match[2]):
            if target in known and (target != beside or match[1] == '"'):
                found.append(target)
                break
    return found


def reachable(start, graph):
    seen, todo = set(), list(graph[start])
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo += graph[one]
    return seen


def tags_of(files):
    command = ["ctags", "--languages=C++", "--langmap=C++:+.h", "--kinds-C++=+p", "--fields=+neKs", "--output-format=json",
               "-f", "-", "-L", "-"]
    try:
        run = subprocess.run(command, input="\n".join(files), capture_output=True, text=True, cwd=ROOT, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"house.py: no Universal Ctags that works ({error}): apt-get install universal-ctags")
    return [json.loads(line) for line in run.stdout.splitlines()]


def spread(values):
    values = sorted(values)
    if not values:
        return "-"
    return f"{statistics.median_low(values)} / {values[min(len(values) - 1, len(values) * 9 // 10)]} / {values[-1]}"


def main():
    files = sorted(source_files())
    known = set(files)
    order = layer_order()
    graph = {file: includes_of(file, known) for file in files}
    lines = {file: sum(1 for _ in open(os.path.join(ROOT, file))) for file in files}
    tags = tags_of(files)
    functions = [tag for tag in tags if tag["kind"] == "function" and "end" in tag]
    below = {file: len(reachable(file, graph)) for file in files}

    print("| layer | files | lines | file median / p90 / max | function median / p90 / max | public headers "
          "| headers under a header, median / p90 / max |")
    print("|---|---|---|---|---|---|---|")
    strays = sorted({layer_of(file) for file in files} - set(order))
    for layer in order + strays + ["all"]:
        mine = [file for file in files if layer in ("all", layer_of(file))]
        if not mine:
            continue
        lengths = [tag["end"] - tag["line"] + 1 for tag in functions if layer in ("all", layer_of(tag["path"]))]
        headers = [file for file in mine if file.startswith("include/")]
        print(f"| {layer} | {len(mine)} | {sum(lines[file] for file in mine)} | {spread([lines[file] for file in mine])} "
              f"| {spread(lengths)} | {len(headers)} | {spread([below[file] for file in mine if not file.endswith('.cpp')])} |")

    heads = [file for file in files if not file.endswith(".cpp") and layer_of(file) != "ns3"]
    print(f"\nheaders under a header, ns-3's apart: median {statistics.median_low([below[file] for file in heads])}; "
          f"of public ones {statistics.median_low([below[file] for file in heads if file.startswith('include/')])}")
    circles = sorted({frozenset(one for one in reachable(file, graph) if file in reachable(one, graph))
                      for file in files if file in reachable(file, graph)}, key=sorted)
    print(f"circles of includes: {len(circles)}")
    for circle in circles:
        print("  " + ", ".join(sorted(circle)))
    rank = {name: at for at, name in enumerate(order)}
    upward = [(file, to) for file in files for to in graph[file]
              if layer_of(file) in rank and layer_of(to) in rank and rank[layer_of(to)] > rank[layer_of(file)]]
    print(f"includes that run upwards: {len(upward)}")
    for file, to in upward:
        print(f"  {file} -> {to}")

    classes = {}
    for tag in tags:
        if tag.get("scopeKind") in ("class", "struct") and "__anon" not in tag["scope"].split("::")[-1]:
            members, methods = classes.setdefault(tag["scope"], (set(), set()))
            if tag["kind"] == "member":
                members.add(tag["name"])
            elif tag["kind"] in ("function", "prototype"):
                methods.add(tag["name"])
    for what, of in (("functions", 1), ("members", 0)):
        largest = sorted(classes.items(), key=lambda item: -len(item[1][of]))[:6]
        print(f"most {what}: " + ", ".join(f"{name.removeprefix('sockops::')} {len(counts[of])}"
                                          for name, counts in largest))


if __name__ == "__main__":
    main()
