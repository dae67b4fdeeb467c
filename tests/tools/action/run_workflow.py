#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run_workflow.py WORKFLOW ACTION [--input NAME=VALUE]...

Runs the one job of a workflow in the current folder, as a code host would: the commands of its steps, and those of the
composite action in the folder ACTION where a step uses one whose path ends as that does. A step that uses another action
is passed over. --input: what the action's inputs are in place of their defaults. Ends with the status of the first step
that fails."""
import os
import re
import subprocess
import sys

import yaml


def filled_in(text, context):
    """${{ inputs.name }} and the like; what is not known is a mistake."""
    return re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", lambda match: context[match[1]], str(text))


def run(step, context, environment):
    added = {name: filled_in(value, context) for name, value in step.get("env", {}).items()}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", filled_in(step["run"], context)]
    return subprocess.run(command, env={**environment, **added}, check=False).returncode


def run_action(folder, given):
    with open(os.path.join(folder, "action.yml"), encoding="utf-8") as file:
        action = yaml.safe_load(file)
    assert action["runs"]["using"] == "composite", action["runs"]["using"]
    unknown = set(given) - set(action["inputs"])
    if unknown:
        sys.exit(f"run_workflow.py: the action has no input {', '.join(sorted(unknown))}")
    context = {}
    for name, about in action["inputs"].items():
        if about.get("required") and name not in given:
            sys.exit(f"run_workflow.py: the action's input '{name}' is missing")
        context[f"inputs.{name}"] = str(given.get(name, about.get("default", "")))
    environment = {**os.environ, "GITHUB_ACTION_PATH": folder, "GITHUB_WORKSPACE": os.getcwd()}
    for step in action["runs"]["steps"]:
        assert step["shell"] == "bash", step["shell"]
        if status := run(step, context, environment):
            return status
    return 0


def main(workflow, folder, inputs):
    with open(workflow, encoding="utf-8") as file:
        (job,) = yaml.safe_load(file)["jobs"].values()
    folder = os.path.abspath(folder)
    name = "/".join(folder.split("/")[-3:])
    used = 0
    for step in job["steps"]:
        if name in step.get("uses", ""):
            used += 1
            given = {key: str(value) for key, value in step.get("with", {}).items()}
            status = run_action(folder, {**given, **inputs})
        elif "run" in step:
            status = run(step, {}, dict(os.environ))
        else:
            continue
        if status:
            return status
    assert used == 1, f"no step of {workflow} uses {name}"
    return 0


if __name__ == "__main__":
    words = sys.argv[3:]
    assert words[::2] == ["--input"] * (len(words) // 2), __doc__
    sys.exit(main(sys.argv[1], sys.argv[2], dict(word.split("=", 1) for word in words[1::2])))
