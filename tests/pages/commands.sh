#!/bin/sh
# SPDX-License-Identifier: MIT
# What a page has its reader type is typed, in one shell and in the page's order.
#
#   commands.sh FOLDER ELSEWHERE BLOCK…
#     FOLDER     where: it has the files that the page names
#     ELSEWHERE  commands that others run, or what is typed in their place (elsewhere.txt)
#     BLOCK      a file *.sh: lines that must succeed; or *.console: commands behind `$ `, each followed by what it must
#                print, by the rules of same_lines.awk. A command that fails must be followed by `$ echo $?`
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
elsewhere=$2
shift 2
cd "$folder" || exit 1
work=$folder/.commands
last=0
rm -f -- *.info # counts of an earlier run would be added to

fail() {
	echo "$block: $1"
	exit 1
}

# Runs file $1; what it prints goes to file $2.
type_it() {
	command=$(cat "$1")
	(exit $last)
	eval "$command" >"$2" 2>&1 </dev/null
	last=$?
}

# Ends the test where a command begins with a tool that may be missing, and is.
skip_without_tools() {
	for tool in clang gdb gcov git ns3_lossy pkg-config sockops-exec sockops-run wrong_tune_test; do
		if grep -q "^$tool\( \|\$\)\|&& $tool \|\$($tool " "$1" && ! command -v $tool >/dev/null; then
			echo "SKIPPED: $tool is not here, which ${block##*/} calls"
			exit 0
		fi
	done
}

for block; do
	rm -rf "$work"
	mkdir "$work"
	awk -v work="$work" -v sh="${block##*.}" -v list="$elsewhere" '
		BEGIN {
			while ((getline line < list) > 0)
				if (line != "" && line !~ /^#/) {
					at = index(line, " | ")
					begins[++others] = substr(line, 1, at - 1)
					instead[others] = substr(line, at + 3)
				}
		}
		# Begins a command by its first line; only that of another is replaced.
		function begin(text,   i) {
			number++
			printf "" > (work "/" number ".expected")
			printf "" > (work "/" number ".command")
			replaced = 0
			for (i = 1; i <= others; i++)
				if (index(text, begins[i]) == 1) {
					replaced = 1
					if (instead[i] ~ /^= /)
						print substr(instead[i], 3) > (work "/" number ".command")
				}
			add(text)
		}
		function add(text) {
			if (!replaced)
				print text >> (work "/" number ".command")
			continued = text ~ /\\$/
		}
		continued { add($0); next }
		sh == "sh" && /^[ \t]*(#.*)?$/ { next }
		sh == "sh" { begin($0); next }
		/^\$ / { begin(substr($0, 3)); next }
		number { print >> (work "/" number ".expected") }
		END { print number + 0 > (work "/count") }' "$block"
	count=$(cat "$work/count")
	[ "$count" -gt 0 ] || fail "no command in it"
	number=0
	while [ $number -lt "$count" ]; do
		number=$((number + 1))
		[ -s "$work/$number.command" ] || continue
		skip_without_tools "$work/$number.command"
		if [ $last -ne 0 ] && ! grep -q '^echo \$?$' "$work/$number.command"; then
			fail "exit status $last of: $command
$(cat "$work/printed")"
		fi
		type_it "$work/$number.command" "$work/printed"
		case $block in
		*.console)
			awk -f "$here/same_lines.awk" "$work/$number.expected" "$work/printed" || fail "this prints another thing: $command"
			;;
		esac
	done
	[ $last -eq 0 ] || fail "exit status $last of: $command
$(cat "$work/printed")"
done
