#!/bin/sh
# SPDX-License-Identifier: MIT
# sh progress.sh FOLDER: cmake/progress.sh, which examples/run.sh shows its steps with; FOLDER is for logs. Run in the
# root of the source tree.
set -eu
. cmake/progress.sh
log=$1/progress.log
said=$1/progress.said

fail() {
	echo "$*:"
	cat -v "$said"
	exit 1
}

# What goes well says nothing, and leaves stdout alone.
with_progress "$log" echo all is well >"$said" 2>&1
[ ! -s "$said" ] || fail "a quick step said something"
grep -q "all is well" "$log" || fail "the log lacks what the step said"

# What fails says all of it, with its status.
status=0
with_progress "$log" sh -c 'echo a reason; echo later >&2; exit 3' >"$said.out" 2>"$said" || status=$?
[ $status -eq 3 ] || fail "status $status, not 3"
[ ! -s "$said.out" ] || fail "stdout has more than the result"
grep -q "a reason" "$said" && grep -q "later" "$said" && grep -q "status 3" "$said" || fail "no reason is given"

# Of a step that lasts a terminal sees the last line, over the one before.
script --quiet --command true /dev/null >/dev/null 2>&1 </dev/null || exit 0 # no script(1), or no terminal to be had
script --quiet --command ". cmake/progress.sh; with_progress '$log' sh -c 'echo [1/2] first; echo [2/2] second; sleep 4'" \
	/dev/null >"$said" </dev/null
grep -q '\[2/2\] second' "$said" || fail "a terminal sees no progress"
! grep -q '\[1/2\]' "$said" || fail "a terminal sees more than the last line"
