#!/bin/sh
# SPDX-License-Identifier: MIT
# on_page.sh FOLDER PAGE ACTION OBJECT STOPPED NAME=VALUE: the workflow that PAGE shows passes in a folder with OBJECT and
# the text test that it shows, and fails with STOPPED beside it. NAME=VALUE: an input of the action.
set -eu
folder=$1 page=$2 action=$3 good=$4 stopped=$5 input=$6
here=$(cd "$(dirname "$0")" && pwd)
python3 -c 'import yaml' 2>/dev/null || {
	echo "skipped: python3-yaml is not installed"
	exit 0
}
rm -rf "$folder"
mkdir -p "$folder/bpf"
awk '/^```yaml/ { inside = 1; next } /^```/ { inside = 0 } inside' "$page" >"$folder/bpf.yml"
[ "$(wc -l <"$folder/bpf.yml")" -le 16 ]
awk '/^```timeline/ { inside = 1; next } /^```/ { inside = 0 } inside' "$page" |
	sed 's|object .*/|object |' >"$folder/bpf/page.timeline"
cd "$folder"
cp "$good" bpf
python3 "$here/run_workflow.py" bpf.yml "$action" --input "$input" >said
grep -qx '1 of 1 passed' said
grep -qx '1 test passed; seed 1' said
cp "$stopped" bpf
status=0
python3 "$here/run_workflow.py" bpf.yml "$action" --input "$input" >said || status=$?
[ $status -eq 1 ] && grep -q '^1 of 2 failed: ' said && exit 0
echo "status $status:"
cat said
exit 1
