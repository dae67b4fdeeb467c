#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Does the comment of each public function say what it returns, with which errno it fails, and who may call it?
#
#   comments.py XML_DIR INCLUDE_DIR [ROOM …]     Doxygen's XML of the headers, the headers (*.hpp); these rooms alone
#
# A comment is that of the function itself, or the one above it without an empty line between: a comment speaks for what
# stands below it up to the next empty line and returns the same type as the first; and for overloads of one name. Asked
# of it:
#
#   a comment   of each function whose meaning the language does not give (constructors, destructors, copies,
#               comparisons, conversions, begin() and end()); an overriding one has its base's
#   a return    of each that returns something: the comment names the value ("The row of an op; nullptr …"), asks the
#               question that it answers ("Is …?"), or says what it "returns"; a verb alone ("Opens it.") does not
#   an errno    of each that returns int: the errnos, "0 or -errno", "0, always", or what the int is that it "returns" (or
#               it begins with "As" or "The same": as another function, whose comment says it)
#   context     "Context: …", a line in the comment of the function, of its class, or the first of its header: threads,
#               locks, waiting, programs, signal handlers
import os
import re
import sys
import xml.etree.ElementTree

XML, INCLUDE, ROOMS = sys.argv[1], sys.argv[2], sys.argv[3:]

GIVEN = re.compile(r"^(~|operator(==|!=|<=>|=|\*|->|\[\]|\(\)|bool| )|begin$|end$)")
# Words with an s at their end that are no verbs: what begins with one names a value or asks.
NAMES = {"Is", "Has", "Does", "As", "Bytes", "Bits", "Packets", "Jiffies", "Nanoseconds", "Microseconds", "Milliseconds",
         "Ticks", "Flags", "Names", "Lines", "Words", "Heads", "Entries", "Records", "Records", "Its", "This", "Was",
         "Sockets", "Programs", "Columns", "Values", "Options", "Numbers"}
SAYS_VALUE = re.compile(r"\b([Rr]eturns?|[Aa]nswers?|nullptr|NULL|[Tt]rue|[Ff]alse|errno|[Hh]ow many)\b|-E[A-Z0-9]{3}")
SAYS_ERRNO = re.compile(r"-E[A-Z0-9]{3,}|errno|\b[Rr]eturns?\b|-1\b|\b0, always|descriptor|memfd")
CONTEXT = re.compile(r"\bContext: ")


class header:
    """A file's lines, and the comments in it."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.lines = file.read().split("\n")
        first = []
        for line in self.lines[1:]:
            if not line.startswith("//"):
                break
            first.append(line.lstrip("/ "))
        self.first_comment = " ".join(first)

    def comment_above(self, line):
        """Of a declaration that is in this line, from 1 on, and the line where it ends; "": none."""
        at = line - 2
        while at >= 0 and not re.match(r"\s*///", self.lines[at]):
            if not self.lines[at].strip():
                return "", 0
            at -= 1
        text, end = [], at + 1
        while at >= 0 and re.match(r"\s*///", self.lines[at]):
            text.insert(0, self.lines[at].strip().removeprefix("///").strip())
            at -= 1
        return " ".join(text), end

    def comment_beside(self, line):
        match = re.search(r"///<(.*)", self.lines[line - 1])
        return match[1].strip() if match else ""


headers = {}


def header_of(file):
    if file not in headers:
        headers[file] = header(os.path.join(INCLUDE, file))
    return headers[file]


def text_of(element):
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def is_given(name, args, of_class):
    """Has it the meaning that the language gives it?"""
    plain = of_class.split("::")[-1].split("<")[0]
    return name == plain or GIVEN.match(name) is not None or args.endswith(("=delete", "=default", " override"))


def result_of(member):
    return re.sub(r"\b(static|inline|constexpr|virtual|friend|noexcept)\b|\[\[.*?\]\]", "", text_of(member.find("type"))).strip()


def own_comment(file, line, member, results):
    """That of the function, or the one that speaks for it."""
    text, end = header_of(file).comment_above(line)
    first = min((at for at in results.get(file, ()) if at > end), default=line)
    if text and results[file].get(first, result_of(member)) == result_of(member):
        return text
    return header_of(file).comment_beside(line)


def lacks(comment, result, context):
    """What the comment of a function with this result does not say."""
    if not comment:
        return ["a comment"] + ([] if context else ["its context"])
    found = []
    words = re.sub(r"^[\w:~<>]+\(\)[,:.;]? *", "", comment)
    first = re.match(r"[\w']+", words)
    is_action = bool(first) and re.fullmatch(r"[A-Z][a-z]+s", first[0]) is not None and first[0] not in NAMES
    refers = re.match(r"(The same|As)\b", comment) is not None # to another comment
    if result == "int" and not SAYS_ERRNO.search(comment) and not refers:
        found.append("its errno (it returns int)")
    elif result not in ("", "void", "int") and is_action and not SAYS_VALUE.search(comment):
        found.append(f"what it returns ({result})")
    if not context and not CONTEXT.search(comment):
        found.append("its context")
    return found


def functions():
    """(file, line, scope, comment of the scope, memberdef) of each public function, once."""
    seen = set()
    for name in sorted(os.listdir(XML)):
        if not name.endswith(".xml") or name in ("index.xml", "Doxyfile.xml"):
            continue
        for compound in xml.etree.ElementTree.parse(os.path.join(XML, name)).getroot().iter("compounddef"):
            if compound.get("kind") not in ("namespace", "class", "struct", "union", "file") or \
                    compound.get("prot") in ("private", "protected"):
                continue
            is_type = compound.get("kind") in ("class", "struct", "union")
            scope = compound.findtext("compoundname") if compound.get("kind") != "file" else ""
            about = text_of(compound.find("detaileddescription")) + text_of(compound.find("briefdescription"))
            for member in compound.iter("memberdef"):
                if member.get("kind") == "function" and member.get("prot") == "public" and member.get("id") not in seen:
                    seen.add(member.get("id"))
                    place = member.find("location")
                    yield place.get("declfile") or place.get("file"), int(place.get("declline") or place.get("line")), \
                        scope if is_type else "", about, member


def class_context(scope, abouts):
    """Of the class, or of one that it stands in."""
    while scope:
        if "Context" in abouts.get(scope, ""):
            return True
        scope = scope.rpartition("::")[0]
    return False


def main():
    found = [each for each in functions() if each[0].startswith("sockops/") and each[0].endswith(".hpp")
             and (not ROOMS or each[0].split("/")[1] in ROOMS)]
    abouts = {scope: about for _, _, scope, about, _ in found if scope}
    results, comments = {}, {}
    for file, line, _, _, member in found:
        results.setdefault(file, {})[line] = result_of(member)
    for file, line, scope, _, member in found:
        comment = own_comment(file, line, member, results)
        if comment:
            comments.setdefault((file, scope, member.findtext("name")), comment)
    count, wrong = 0, []
    for file, line, scope, _, member in sorted(found, key=lambda each: each[:2]):
        name, args = member.findtext("name"), member.findtext("argsstring") or ""
        if is_given(name, args, scope) or member.find("reimplements") is not None:
            continue
        count += 1
        top = header_of(file)
        comment = own_comment(file, line, member, results) or comments.get((file, scope, name), "")
        context = CONTEXT.search(top.first_comment) is not None or class_context(scope, abouts)
        for what in lacks(comment, result_of(member), context):
            wrong.append(f"include/{file}:{line}: {scope + '::' if scope else ''}{name}() lacks {what}")
    print("\n".join(wrong))
    print(f"{count} public functions, {len(wrong)} things lacking")
    return 1 if wrong or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
