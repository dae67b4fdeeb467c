#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""schema.py SCHEMA SOCKOPS-RUN -- ARGUMENT... [-- ARGUMENT...]...

Runs the tool with each list of arguments, and holds every line that it prints to the schema. That the schema can refuse is
tried, too: a line of each kind that lacks a member, or has one that there is not, is none."""
import json
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(0)


def lines_of(tool, arguments):
    made = subprocess.run([tool, *arguments], stdout=subprocess.PIPE, check=False)
    if made.returncode not in (0, 1) or not made.stdout:
        sys.exit(f"{arguments}: exit status {made.returncode}, and no line")
    return [json.loads(line) for line in made.stdout.decode().splitlines()]


def reasons(validator, line):
    """Why a line is none, as the part of its kind says it."""
    part = {**validator.schema, "$ref": "#/$defs/" + str(line.get("kind"))}
    del part["oneOf"]
    return [f"{error.json_path}: {error.message}" for error in type(validator)(part).iter_errors(line)]


def accept(validator, line):
    if not validator.is_valid(line):
        sys.exit("\n".join([json.dumps(line), *reasons(validator, line)]))


def refuse(validator, line, why):
    if validator.is_valid(line):
        sys.exit(f"{why}, and the schema takes it: {json.dumps(line)}")


def spoil(validator, line):
    optional = set(line) - set(validator.schema["$defs"][line["kind"]]["required"])
    for name in set(line) - optional:
        refuse(validator, {key: value for key, value in line.items() if key != name}, f"there is no '{name}'")
        refuse(validator, {**line, name: {"another": "value"}}, f"'{name}' is another")
    refuse(validator, {**line, "unheard_of": 1}, "there is one more")


def main(schema_file, tool, runs):
    with open(schema_file, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    kinds = {}
    for arguments in runs:
        lines = lines_of(tool, arguments)
        for line in lines:
            accept(validator, line)
            kinds.setdefault(line["kind"], line)
        if "version" not in lines[0] or any("version" in line for line in lines[1:]):
            sys.exit(f"{arguments}: the version is in the first line, and in no other")
    for line in kinds.values():
        spoil(validator, line)
    missing = {part["$ref"].rsplit("/", 1)[1] for part in schema["oneOf"]} - set(kinds)
    if missing:
        sys.exit(f"no run has printed a line of kind {', '.join(sorted(missing))}")
    print(f"{len(runs)} runs, lines of {len(kinds)} kinds")


if __name__ == "__main__":
    words, runs = sys.argv[3:], []
    for word in words:
        if word == "--":
            runs.append([])
        else:
            runs[-1].append(word)
    main(sys.argv[1], sys.argv[2], runs)
