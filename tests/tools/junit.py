#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""junit.py SOCKOPS-RUN FOLDER OBJECTS: runs the text tests of FOLDER, and reads what --junit writes as readers of JUnit's
XML do: names, counts and their sums, and that what failed stands where they look for it."""
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as etree

# What the common schema (of Jenkins) has in each element, and "file", which others look for.
KNOWN = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "time"},
    "testcase": {"name", "classname", "file", "time"},
    "properties": set(),
    "property": {"name", "value"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
}


def sums(of, suites):
    return all(int(of.get(name)) == sum(int(each.get(name)) for each in suites) for name in ("tests", "failures", "errors"))


def main(tool, folder, objects):
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "junit.xml")
        made = subprocess.run([tool, "--test", folder, "--object-folder", objects, "--junit", path, "--seed", "7", "--unchecked"],
                              stdout=subprocess.PIPE, check=False)
        root = etree.parse(path).getroot()
    assert made.returncode == 1, made
    for element in root.iter():
        assert set(element.keys()) <= KNOWN[element.tag], element.attrib
    assert root.tag == "testsuites" and [each.get("name") for each in root] == [folder, folder + "/deep"], root
    assert sums(root, root) and (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "2", "1"), root.attrib
    for suite in root:
        cases = suite.findall("testcase")
        assert [each.tag for each in suite] == ["properties"] + ["testcase"] * len(cases)
        assert suite.find("properties/property").attrib == {"name": "seed", "value": "7"}
        assert int(suite.get("tests")) == len(cases)
        assert int(suite.get("failures")) == sum(each.find("failure") is not None for each in cases)
        assert int(suite.get("errors")) == sum(each.find("error") is not None for each in cases)
        assert abs(float(suite.get("time")) - sum(float(each.get("time")) for each in cases)) < 1e-4
        assert all(os.path.isfile(each.get("file")) and each.get("classname") == suite.get("name") for each in cases)
    cases = {each.get("name"): each for each in root.iter("testcase")}
    assert len(cases["passes"]) == 0
    wrong = {each.get("message"): each for each in cases["fails"]}
    assert wrong["client: RWND_INIT -> 21"].get("type") == "expectation", wrong
    assert "/fails.timeline:7: client: RWND_INIT -> 21\n" in wrong["client: RWND_INIT -> 21"].text
    assert sorted(each.get("type") for each in cases["fails"]) == ["expectation", "expectation", "stopped"], wrong
    assert {each.get("type") for each in cases["found"]} == {"finding"}
    refused = cases["refused"].find("error")
    assert refused.get("message") == '+0     client "connect" & <go>', refused.attrib


if __name__ == "__main__":
    main(*sys.argv[1:])
