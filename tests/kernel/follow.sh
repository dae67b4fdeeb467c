#!/bin/sh
# SPDX-License-Identifier: MIT
# What the machine's kernel does otherwise than the one the tables are of, and which rows say so (.github/FOLLOWING.md).
#
#   sh tests/kernel/follow.sh [FOLDER]          plays all comparisons, records the answers anew in FOLDER (by default
#                                               build/follow/RELEASE), and compares. As root, with cgroup2.
#   sh tests/kernel/follow.sh --again FOLDER    compares what is in that folder; needs no kernel
#
# Exit status: 0 nothing differs; 1 something does; 2 it could not be found out, and why.
set -eu
cd "$(dirname "$0")/../.."

stop() {
	echo "follow.sh: $*" >&2
	exit 2
}
case ${1-} in
-h | --help)
	sed -n '3,10s/^# \{0,1\}//p' "$0"
	exit 0
	;;
--again)
	[ $# -eq 2 ] || stop "--again takes the folder that was recorded before"
	exec python3 tests/kernel/follow.py "$2"
	;;
-*) stop "unknown option '$1'; there are --again and --help" ;;
esac

[ "$(id -u)" -eq 0 ] || stop "not root: programs are loaded into the kernel, and attached to cgroups"
for tool in python3 cmake clang; do
	command -v $tool >/dev/null || stop "$tool is not installed (Debian package: $tool); sh tests/run.sh installs all others"
done
folder=${1:-build/follow/$(uname -r)}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
build=build/release
quiet() {
	"$@" >"$folder/build.log" 2>&1 || {
		tail -n 30 "$folder/build.log" >&2
		stop "this failed (all of it: $folder/build.log): $*"
	}
}

# What compares is named in the page's table.
tests=$(sed -n 's/^| `.*| `\([a-z_]*_test\)` |$/\1/p' tests/kernel/README.md | sort -u)
recorders='record_answers record_hdr_opt record_sockopt record_traces record_isa'
echo "building in $build ..."
quiet cmake --preset release -D SOCKOPS_BUILD_BENCH=OFF
# shellcheck disable=SC2086
quiet cmake --build "$build" --target $tests $recorders

echo "comparing with Linux $(uname -r) ..."
export SOCKOPS_FOLLOW=1
names=$(echo "$tests" | paste -s -d '|')
ctest --test-dir "$build" -R "^($names)\." --verbose --timeout 1200 --parallel $((2 * $(nproc))) >"$folder/comparisons.log" 2>&1 || true

echo "recording in $folder ..."
rm -f "$folder"/*.json "$folder"/*.txt
cp tests/vm/isa/*.isa "$folder"
"$build/tests/kernel/record_answers" "$folder" || stop "record_answers failed"
"$build/tests/kernel/hdr_opt/record_hdr_opt" "$folder" || stop "record_hdr_opt failed"
"$build/tests/kernel/sockopt/record_sockopt" "$folder/sockopt.json" || stop "record_sockopt failed"
"$build/tests/kernel/traces/record_traces" --all "$folder" || stop "record_traces failed"
"$build/tests/vm/record_isa" "$folder" || stop "record_isa failed"
rm -f "$folder"/*.isa
exec python3 tests/kernel/follow.py "$folder"
