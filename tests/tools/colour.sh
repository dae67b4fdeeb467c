#!/bin/sh
# SPDX-License-Identifier: MIT
# colour.sh SOCKOPS-RUN WORD…: in colour a run prints the same, and what is wrong in red, with the lines below it; into
# a pipe, and where NO_COLOR forbids it, nothing is.
run=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
escape=$(printf '\033')
"$run" "$@" >"$folder/plain"
NO_COLOR=1 "$run" "$@" --color always >"$folder/always" # what is said by hand counts
"$run" "$@" --color auto >"$folder/auto"
cmp "$folder/plain" "$folder/auto" || exit 1
sed "s/$escape\[[0-9]*m//g" "$folder/always" | cmp "$folder/plain" - || exit 1
grep "$escape" "$folder/always" | grep -v "^ *$escape\[31m[^ $escape][^$escape]*$escape\[0m\$" && {
	echo "these lines are not red from their first letter to their last"
	exit 1
}
for words in '! observer returned 0: the reply 20 of wide is discarded' '! [0-9]* x RWND_INIT'; do
	grep -q "$escape\[31m$words" "$folder/always" || {
		echo "not red: $words"
		exit 1
	}
done
grep "$escape" "$folder/always" | grep 'reply -1 -> 20' && {
	echo "red, and not wrong"
	exit 1
}
# A terminal, where script(1) makes one.
script --quiet --command true /dev/null >/dev/null 2>&1 </dev/null || exit 0
words="'$run'"
for word; do words="$words '$word'"; done
(unset NO_COLOR && script --quiet --command "$words" /dev/null) </dev/null | grep -q "$escape\[31m! " || {
	echo "not red on a terminal"
	exit 1
}
if script --quiet --command "NO_COLOR=1 $words" /dev/null </dev/null | grep -q "$escape\[31m"; then
	echo "red, in spite of NO_COLOR"
	exit 1
fi
