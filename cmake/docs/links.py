#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Does each link of the rooms' pages lead somewhere: to a file that is there, and to an anchor in it? (Links that Doxygen
# makes of its own accord are its business: 1.9.4's to friends lead to a page, and to no place on it.)
#
#   links.py HTML_DIR
import os
import re
import sys
import urllib.parse

HREF = re.compile(r'<a [^>]*?href="([^"]+)"')
ANCHOR = re.compile(r'(?:id|name)="([^"]+)"')


def main():
    root = sys.argv[1]
    texts = {name: open(os.path.join(root, name), encoding="utf-8").read()
             for name in os.listdir(root) if name.endswith(".html")}
    anchors = {name: set(ANCHOR.findall(text)) for name, text in texts.items()}
    count, wrong = 0, []
    pages = sorted(name for name in texts if name == "index.html" or name.startswith("page_"))
    for name in pages:
        text = texts[name]
        for href in sorted(set(HREF.findall(text))):
            if re.match(r"[a-z]+:", href):
                continue
            count += 1
            to, _, anchor = urllib.parse.unquote(href).partition("#")
            if to and not os.path.exists(os.path.join(root, to)):
                wrong.append(f"{name}: the link to {href} leads nowhere")
            elif anchor and anchor not in anchors.get(to or name, ()):
                wrong.append(f"{name}: the link to {href}: no such place there")
    for each in wrong:
        print(each, file=sys.stderr)
    print(f"{len(pages)} pages, {count} links, {len(wrong)} of them wrong")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
