#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The pages of the rooms as Doxygen reads them. In the tree they are plain Markdown with relative links, for a code
# host; Doxygen wants a name for each page and heading, and links by these names.
#
#   pages.py SOURCE_DIR OUT_DIR
#
# Writes OUT_DIR/pages/NAME.md for each page, and to OUT_DIR/html/tree what the pages link to and Doxygen does not read:
# sources, examples, recorded answers. A link that leads nowhere is an error.
import glob
import html
import os
import re
import shutil
import sys

ROOT, OUT = (os.path.abspath(argument) for argument in sys.argv[1:3])
PAGES = ("README.md", "include/sockops/**/*.md", "src/**/README.md", "tests/**/*.md", "bench/README.md", "cmake/README.md",
         "examples/**/*.md", ".github/*.md")
NO_PAGES = (".github/PULL_REQUEST_TEMPLATE.md",) # what people fill in
FENCE = re.compile(r"^([ \t]*```.*?^[ \t]*```[ \t]*$)", re.M | re.S)
# A link, or code, in which no link is.
LINK = re.compile(r"(!?)\[((?:`[^`]*`|[^\]`])*)\]\(([^)\s]+)\)|`[^`]+`")
HEADING = re.compile(r"^(#{1,6}) +(.*?)[ \t]*$", re.M)

errors = []


def name_of(path):
    """What Doxygen calls the page of a file; by it, its headings too."""
    return "page_" + re.sub(r"\W+", "_", path.removesuffix(".md")).strip("_").lower()


def slug(heading):
    """As code hosts make it of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def label(path, heading):
    return name_of(path) + "_" + re.sub(r"\W", "_", slug(heading))


def headings(text):
    return [match[2] for chunk in FENCE.split(text)[::2] for match in HEADING.finditer(chunk)]


def show(target):
    """A file or folder that Doxygen does not read, as text; returns where it is, seen from the HTML."""
    here, there = os.path.join(ROOT, target), os.path.join("tree", target + ".txt")
    copy = os.path.join(OUT, "html", there)
    os.makedirs(os.path.dirname(copy), exist_ok=True)
    if os.path.isdir(here):
        with open(copy, "w", encoding="utf-8") as out:
            out.writelines(name + "\n" for name in sorted(os.listdir(here)))
    else:
        shutil.copyfile(here, copy)
    return there


def code(span):
    """Code; what begins with "::" in it is no name to look up."""
    if not re.search(r"(?<![\w>])::", span):
        return span
    return "<code>" + html.escape(span.strip("`")).replace("::", "\\::") + "</code>"


def link(path, texts, match):
    if match[3] is None:
        return code(match[0])
    text, to = match[2], match[3]
    if re.match(r"[a-z]+:", to):
        return match[0]
    plain = text.replace("`", "") # of a reference Doxygen takes the words as they stand
    to, _, anchor = to.partition("#")
    target = os.path.relpath(os.path.join(ROOT, os.path.dirname(path), to), ROOT) if to else path
    if not os.path.exists(os.path.join(ROOT, target)):
        errors.append(f"{path}: the link to {match[3]} leads nowhere")
        return match[0]
    if os.path.isdir(os.path.join(ROOT, target)) and target + "/README.md" in texts:
        target += "/README.md"
    if target in texts:
        found = [each for each in headings(texts[target]) if slug(each) == anchor]
        if anchor and not found:
            errors.append(f"{path}: {target} has no heading that is #{anchor}")
        if found:
            return f"[{plain}](@ref {label(target, found[0])})"
        return f"[{plain}](@ref {'index' if target == 'README.md' else name_of(target)})"
    if re.match(r"include/sockops/.*\.h(pp)?$", target) and target != "include/sockops/src.hpp":
        return f"[{plain}](@ref {target.removeprefix('include/')})"
    return f'<a href="{show(target)}">{text}</a>'


def parent_of(path, texts):
    """The page of the room that this one stands in; None: the main page alone."""
    folder = os.path.dirname(path)
    if os.path.basename(path) == "README.md":
        folder = os.path.dirname(folder)
    while folder:
        if folder + "/README.md" in texts:
            return folder + "/README.md"
        folder = os.path.dirname(folder)
    return None


def main():
    paths = sorted({os.path.relpath(found, ROOT) for pattern in PAGES
                    for found in glob.glob(os.path.join(ROOT, pattern), recursive=True, include_hidden=True)} - set(NO_PAGES))
    texts = {path: open(os.path.join(ROOT, path), encoding="utf-8").read() for path in paths}
    shutil.rmtree(os.path.join(OUT, "pages"), ignore_errors=True)
    shutil.rmtree(os.path.join(OUT, "html"), ignore_errors=True)
    os.makedirs(os.path.join(OUT, "pages"))
    os.makedirs(os.path.join(OUT, "html"))
    for path, text in texts.items():
        if not HEADING.match(text):
            errors.append(f"{path}: does not begin with a heading, which is its name")
            continue
        first = True

        def heading(match):
            nonlocal first
            mark = name_of(path) if first else label(path, match[2])
            first = False
            return f"{match[1]} {match[2]} {{#{mark}}}"

        chunks = FENCE.split(text)
        for at in range(0, len(chunks), 2):
            chunks[at] = HEADING.sub(heading, LINK.sub(lambda match: link(path, texts, match), chunks[at]))
        rooms = [f"- @subpage {name_of(each)}\n" for each in paths if path != "README.md" and parent_of(each, texts) == path]
        out = "README" if path == "README.md" else name_of(path)
        with open(os.path.join(OUT, "pages", out + ".md"), "w", encoding="utf-8") as file:
            file.write("".join(chunks) + ("\n---\n\nPages below this one:\n\n" + "".join(rooms) if rooms else ""))
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
