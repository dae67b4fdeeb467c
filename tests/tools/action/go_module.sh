#!/bin/sh
# SPDX-License-Identifier: MIT
# go_module.sh FOLDER ACTION CLANG HEADERS [NAME=VALUE]...: the Go module's workflow, with its own steps and the action's,
# in a copy of it in the folder FOLDER: it passes; it fails, at the line of C, where the program follows what a lookup
# returned, and where it throws its own reply away. NAME=VALUE: inputs of the action.
set -eu
folder=$1 action=$2 clang=$3 headers=$4
shift 4
here=$(cd "$(dirname "$0")" && pwd)
python3 -c 'import yaml' 2>/dev/null || {
	echo "skipped: python3-yaml is not installed"
	exit 0
}
[ "$(wc -l <"$here/go_module/.github/workflows/bpf.yml")" -le 15 ]

rm -rf "$folder"
mkdir -p "$folder/bin"
cp -R "$here/go_module" "$folder/module"
ln -s "$clang" "$folder/bin/clang"
PATH=$folder/bin:$PATH
cd "$folder/module"
for each; do
	set -- "$@" --input "$each"
	shift
done

# expect STATUS CFLAGS LINE…: the workflow ends so, and prints these lines (regular expressions).
expect() {
	expected=$1 flags=$2
	shift 2
	status=0
	# shellcheck disable=SC2086 # words
	said=$(CFLAGS="-idirafter $headers $flags" python3 "$here/run_workflow.py" .github/workflows/bpf.yml "$action" \
		$inputs 2>&1) || status=$?
	for line; do
		printf '%s\n' "$said" | grep -q -e "$line" || {
			printf '%s\nthere is no line "%s" for %s (status %s)\n' "$said" "$line" "$flags" "$status"
			exit 1
		}
	done
	[ "$status" -eq "$expected" ] || {
		printf '%s\nexit status %s for %s, and not %s\n' "$said" "$status" "$flags" "$expected"
		exit 1
	}
}
line_of() { grep -n -F "$1" bpf/tune.c | head -n 1 | cut -d : -f 1; }

inputs=$*
expect 0 '' '^sockops-run [0-9]' '^1 of 1 passed$' '^1 test passed; seed 1$'
expect 1 -DFOLLOWS "^::error file=bpf/tune.c,line=$(line_of '*times += '),title=it cannot be loaded::tune.o: .* may be NULL" \
	'^1 of 1 failed: bpf/tune.o$'
expect 1 -DDISCARDS "^::error file=bpf/tune.timeline,line=$(grep -n 'RWND_INIT -> 40' bpf/tune.timeline | cut -d : -f 1),title=it is not as the test expects::" \
	"^::error file=bpf/tune.c,line=[1-9][0-9]*,title=discarded reply::RWND_INIT: tune returned 0: its own reply 40" \
	'^1 of 1 failed: bpf/tune.o$'
