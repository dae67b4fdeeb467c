# SPDX-License-Identifier: MIT
"""Puts the adapter's five lines into the text of an ns-3 script, as a person would: the include first, Prepare() right before
each Install of an InternetStackHelper, the hook with a program after the last of them. By regular expressions and braces;
what they cannot place is a Refused, with the reason."""
import re

INCLUDE = '#include "public_examples.hpp"\n'
OUR_TCP = "ns3::SockOpsHelper::Prepare({helper}, ns3::NodeContainer::GetGlobal());"
HOOK = """
ns3::SockOpsHelper {hook};
{hook}.Join(test::nodes_with_tcp(), "/examples");
{hook}.Attach("/examples", test::watcher());
"""
# What is no code: comments, literals, lines of the preprocessor.
NO_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', re.S | re.M)
HELPERS = re.compile(r"\bInternetStackHelper\b\s*([&*]?)\s*(?:const\s+)?(\w+(?:\s*,\s*\w+)*(?=\s*;)|\w+)")
# What decides whether, and how often, the statement after it is executed.
HEAD = re.compile(r"\s*(?:(else|do|case\b[^:]*:|default\s*:)(?=\W)|(?:if|for|while|switch)\s*(?:constexpr\s*)?(?=\())")
# Applications make their sockets when a simulation runs, a script at once.
RUN = re.compile(r"\bSimulator\s*::\s*Run\s*\(")
TOO_LATE = re.compile(r"\bSimulator\s*::\s*Run\s*\(|\bCreateSocket\s*\(")


class Refused(Exception):
    pass


class Code:
    """A script's text without what is no code, its brackets in pairs, and where its statements end."""

    def __init__(self, text):
        self.text = NO_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
        self.partner = {}
        self.blocks = []  # of braces: (open, close)
        self.ends = [0]
        opened = []
        for at, char in enumerate(self.text):
            if char in "({":
                opened.append(at)
            elif char in ")}":
                if not opened or self.text[opened[-1]] + char not in ("()", "{}"):
                    raise Refused(f"line {self.line(at)}: '{char}' closes nothing")
                start = opened.pop()
                self.partner[start] = at
                if char == "}":
                    self.blocks.append((start, at))
            if char in ";{}" and not (opened and self.text[opened[-1]] == "("):
                self.ends.append(at + 1)
        if opened:
            raise Refused(f"line {self.line(opened[-1])}: '{self.text[opened[-1]]}' is not closed")

    def line(self, at):
        return self.text.count("\n", 0, at) + 1

    def statement(self, at):
        """(begin, end, is it under a head without braces) of the statement around a place."""
        begin = max(end for end in self.ends if end <= at)
        headed = False
        while match := HEAD.match(self.text, begin):
            begin, headed = match.end(), True
            if not match[1]:
                begin = self.partner[begin] + 1
        if begin > at:
            raise Refused(f"line {self.line(at)}: the stack is installed in the head of a statement")
        begin += len(self.text[begin:]) - len(self.text[begin:].lstrip())
        return begin, self.end_of(begin), headed

    def end_of(self, begin):
        """Where a statement is over that begins there: after its ';' or, with braces, after them and what else there is."""
        at = begin
        while self.text[at] != ";":
            if self.text[at] == "{":
                return self.after_else(self.partner[at] + 1)
            at = self.partner.get(at, at) + 1
            if at >= len(self.text):
                raise Refused(f"line {self.line(begin)}: a statement without end")
        return self.after_else(at + 1)

    def after_else(self, at):
        match = re.compile(r"\s*(else|while)\b").match(self.text, at)
        if match and match[1] == "else":
            return self.end_of(match.end())
        return at

    def blocks_around(self, at):
        """From the innermost one to the function's."""
        around = sorted((block for block in self.blocks if block[0] < at <= block[1]), reverse=True)
        while around and self.is_scope(around[-1][0]):
            around.pop()
        if not around:
            raise Refused(f"line {self.line(at)}: the stack is installed outside of any function")
        return around

    def is_scope(self, brace):
        """A namespace's or a class's."""
        head = self.text[max(end for end in self.ends if end <= brace):brace]
        return re.search(r"\b(namespace|class|struct|union|enum|extern)\b", head) is not None and "(" not in head

    def place_of_hook(self, at):
        """After the statement, and after the loops and conditions around it unless sockets are made in them."""
        _, place, _ = self.statement(at)
        for start, close in self.blocks_around(at)[:-1]:
            if TOO_LATE.search(self.text, start, close):
                break
            place = self.after_else(close + 1)
        return place


def helpers_of(code):
    """{variable: "." or "->", by which its members are reached}"""
    found = {}
    for match in HELPERS.finditer(code.text):
        for name in re.findall(r"\w+", match[2]):
            found[name] = "->" if match[1] == "*" else "."
    if not found:
        raise Refused("there is no variable of InternetStackHelper in it")
    return found


def installs_of(code, helpers):
    """Sorted (place, variable and "." or "->"): where a helper installs, or is given to what does, as InstallStack()."""
    found = []
    for name, dot in helpers.items():
        uses = re.compile(rf"\b{name}\s*(?:\.|->)\s*Install\w*\s*\(|(?<=[(,])\s*[&*]?\s*{name}\s*(?=[,)])")
        found += [(match.start() + len(match[0]) - len(match[0].lstrip()), name + dot) for match in uses.finditer(code.text)]
    if not found:
        raise Refused(f"nothing is installed by {', '.join(helpers)}")
    return sorted(found)


def hook_places(code, installs):
    """One for each function and each simulation that it runs: after the last Install before that."""
    places = {}
    for at, _ in installs:
        function = code.blocks_around(at)[-1]
        runs = len(RUN.findall(code.text, function[0], at))
        places[function, runs] = code.place_of_hook(at)
    return sorted(set(places.values()))


def reference(helper):
    """Of what stands before a member's name: net. or net->"""
    return "*" + helper[:-2] if helper.endswith("->") else helper[:-1]


def with_lines(text):
    code = Code(text)
    installs = installs_of(code, helpers_of(code))
    edits = {}  # {place: text}
    for number, place in enumerate(hook_places(code, installs)):
        edits[place] = HOOK.format(hook=f"sockops_hook{number or ''}")
    for at, helper in installs:
        begin, _, headed = code.statement(at)
        edits[begin] = edits.get(begin, "") + ("{" if headed else "") + OUR_TCP.format(helper=reference(helper)) + "\n"
        if headed:
            end = code.text.index(";", at) + 1
            edits[end] = "}" + edits.get(end, "")
    for place in sorted(edits, reverse=True):
        text = text[:place] + edits[place] + text[place:]
    return INCLUDE + text
