#!/bin/sh
# SPDX-License-Identifier: MIT
# coverage.sh SOCKOPS-RUN OBJECT TESTS FOLDER: --coverage adds runs up, of both sides and of parts of a program, as the next run of
# the same; lcov reads it, where it is installed; and what cannot be written is told.
run=$1
object=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed() {
	echo "$@"
	exit 1
}
file=$folder/all.info
"$run" "$object" --coverage "$file" >"$folder/with" || failed "the run failed"
"$run" "$object" >"$folder/without"
cmp "$folder/with" "$folder/without" || failed "--coverage changes what is printed"
grep -q '^SF:/.*/wide.bpf.c$' "$file" || failed "the source is not named with its whole path"
# Lines, functions and branches twice are twice as much.
cp "$file" "$folder/once"
"$run" "$object" --coverage "$file" >"$folder/with"
awk -F '[:,]' 'FNR == 1 { file++ }
	/^DA:/ { n = $3 } /^FNDA:/ { n = $2 } /^BRDA:/ { n = $5 == "-" ? 0 : $5 }
	/^(DA|FNDA|BRDA):/ { sum[file] += n }
	END { print sum[1], sum[2]; exit !(sum[1] > 100 && sum[2] == 2 * sum[1]) }' "$folder/once" "$file" ||
	failed "two runs are not twice one"
# What is run for one side and what for the other is together what is run for both.
"$run" "$object" --side client --coverage "$folder/sides" >"$folder/with"
cp "$folder/sides" "$folder/client"
"$run" "$object" --side server --coverage "$folder/sides" >"$folder/with"
cmp -s "$folder/client" "$folder/sides" && failed "the server's run was not added"
if command -v lcov >/dev/null; then
	lcov --rc lcov_branch_coverage=1 --summary "$file" >"$folder/summary" 2>&1 || failed "$(cat "$folder/summary")"
	grep -q 'lines.*: 1*[0-9][0-9.]*% ([0-9]* of [0-9]* lines)' "$folder/summary" || failed "$(cat "$folder/summary")"
	genhtml --branch-coverage --output-directory "$folder/html" "$file" >"$folder/html.log" 2>&1 ||
		failed "$(cat "$folder/html.log")"
fi
# A run that ends before its time has run through something, too.
printf '\t+0 server listen\n\t+0 link drop client syn 100\n\t+0 client connect\n\t+10ms server accept\n' >"$folder/none.timeline"
"$run" "$object" --timeline "$folder/none.timeline" --coverage "$folder/none" >"$folder/with" 2>"$folder/said" &&
	failed "there is a connection whose segments are lost"
grep -q '^DA:[0-9]*,[1-9]' "$folder/none" || failed "a run without a connection has run through nothing: $(cat "$folder/said")"
# All tests of a folder, as two runs of them one by one; those that fail, too.
"$run" --test "$3" --object-folder "$4" --coverage "$folder/tests" >"$folder/with"
grep -q '^DA:[0-9]*,[1-9]' "$folder/tests" || failed "tests have run through nothing"
cp "$folder/tests" "$folder/once"
"$run" --test "$3" --object-folder "$4" --coverage "$folder/tests" >"$folder/with"
awk -F '[:,]' 'FNR == 1 { file++ } /^DA:/ { sum[file] += $3 } END { exit sum[2] != 2 * sum[1] }' "$folder/once" "$folder/tests" ||
	failed "two runs of tests are not twice one"
# Loudly.
"$run" "$object" --coverage /dev/full >/dev/null 2>"$folder/said" && failed "a full disk is no failure"
grep -q '/dev/full: it cannot be written: No space left' "$folder/said" || failed "$(cat "$folder/said")"
echo 'my thesis' >"$folder/thesis"
"$run" "$object" --coverage "$folder/thesis" >/dev/null 2>"$folder/said" && failed "any file is added to"
grep -q "thesis:1: 'my thesis' is no record of a tracefile" "$folder/said" || failed "$(cat "$folder/said")"
[ "$(cat "$folder/thesis")" = 'my thesis' ] || failed "a file of something else was changed"
"$run" --native "$object" --coverage "$file" >/dev/null 2>"$folder/said"
[ $? -eq 2 ] || failed "with --native it is not a wrong command line"
grep -q -- '--native-flag --coverage' "$folder/said" || failed "$(cat "$folder/said")"
exit 0
