#!/bin/sh
# SPDX-License-Identifier: MIT
# page.sh PAGE: neither mandoc nor groff finds fault with it. (That it has no date mandoc may say: it is of a version.)
page=$1
if command -v mandoc >/dev/null; then
	found=$(mandoc -Tlint "$page" | grep -v 'missing date, using ""')
elif command -v groff >/dev/null; then
	found=$(groff -ww -man -Tutf8 "$page" 2>&1 >/dev/null)
else
	echo "skipped: neither mandoc nor groff is installed"
	exit 0
fi
[ -z "$found" ] && [ -s "$page" ] && exit 0
printf '%s\n' "$found"
exit 1
