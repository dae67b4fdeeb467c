#!/bin/sh
# SPDX-License-Identifier: MIT
# prints.sh PROGRAM EXPECTED: what the program prints, on either stream, is what the file says by the rules of
# same_lines.awk. It may fail only where what it prints says so ("FAILED").
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT
"$1" >"$printed" 2>&1
status=$?
awk -f "$(dirname "$0")/same_lines.awk" "$2" "$printed" || exit 1
[ $status -eq 0 ] || grep -q FAILED "$2" || {
	echo "exit status $status of $1, and the page does not say so"
	exit 1
}
