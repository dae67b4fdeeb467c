#!/bin/sh
# SPDX-License-Identifier: MIT
# The core as it is compiled elsewhere: {g++, clang++} x {C++20, C++23} x the options of the list below. Each consumer runs
# two programs in one dispatch and prints their fold, which must be the same from all.
#
#   sh tests/package/consumers.sh INCLUDE LIBRARY [--three | --only WORDS] [--work FOLDER]
#     INCLUDE         the folder that holds sockops/
#     LIBRARY         libsockops.a or .so, compiled with whatever it was
#     --three         three of them: both compilers, both standards, library and source
#     --only WORDS    those whose line contains WORDS, as "clang++ -std=c++23"
#     --work FOLDER   in place of a temporary one
#
# "library": linked with LIBRARY, so that the consumer's options meet code that was compiled without them. "source": with
# <sockops/src.hpp>, compiled with the same options. "both": one after the other. Prints a line for each, and how many failed.
set -eu

# What, how, options.
variants='
-O0               library  -O0 -g
-O3               library  -O3
LTO               source   -O2 -flto
debug containers  both     -O0 -D_GLIBCXX_DEBUG
no exceptions     source   -O0 -fno-exceptions -fno-rtti
ASan and UBSan    source   -O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all
TSan              source   -O1 -g1 -fsanitize=thread
'
three='g++ -std=c++20 no exceptions
g++ -std=c++23 -O0
clang++ -std=c++23 -O0'
expected='TIMEOUT_INIT: 90 of "says 50" and "says 40"; RWND_INIT, which one denies: 0; always'

usage() {
	sed -n '6,11s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

[ $# -ge 2 ] || usage
include=$(cd "$1" && pwd)
library=$2
shift 2
only=
chosen=
work=
while [ $# -gt 0 ]; do
	case $1 in
	--three) chosen=$three ;;
	--only) only=${2-} && shift ;;
	--work) work=${2-} && shift ;;
	*) usage ;;
	esac
	shift
done
[ -f "$library" ] || {
	echo "consumers.sh: there is no library '$library'" >&2
	exit 2
}
if [ -z "$work" ]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"
program=$(dirname "$0")/two_programs.cpp
echo '#include <sockops/src.hpp>' >"$work/src.cpp"

# standard_of COMPILER STANDARD: as this compiler spells it.
standard_of() {
	if echo | "$1" "-std=c++$2" -x c++ -fsyntax-only - 2>/dev/null; then
		echo "-std=c++$2"
	else
		echo -std=c++2b # C++23, before it was named
	fi
}

# consumer COMPILER STANDARD HOW OPTIONS: compiles and runs one. 1, with what was said in $said, if it fails.
consumer() {
	if [ "$3" = both ]; then
		consumer "$1" "$2" library "$4" && consumer "$1" "$2" source "$4"
		return
	fi
	flags="$(standard_of "$1" "$2") -Wall -Wextra -Werror -I$include $4"
	sources=$program
	libraries="$library -Wl,-rpath,$(dirname "$library")"
	if [ "$3" = source ]; then
		sources="$program $work/src.cpp"
		libraries=
	fi
	# shellcheck disable=SC2086
	said=$("$1" $flags $sources $libraries -pthread -o "$work/consumer" 2>&1) || return 1
	said=$("$work/consumer" 2>&1) || return 1
	[ "$said" = "$expected" ]
}

count=0
failed=0
for compiler in g++ clang++; do
	if ! command -v "$compiler" >/dev/null; then
		echo "without $compiler, which is not installed"
		continue
	fi
	for standard in 20 23; do
		while IFS= read -r line; do
			[ -n "$line" ] || continue
			name=$(echo "$line" | sed 's/  .*//')
			how=$(echo "$line" | sed 's/.*  \(library\|source\|both\)  .*/\1/')
			options=$(echo "$line" | sed 's/.*  \(library\|source\|both\)  *//')
			label="$compiler -std=c++$standard $name"
			if [ -n "$chosen" ] && ! echo "$chosen" | grep -qxF -e "$label"; then
				continue
			fi
			case "$label, $how: $options" in
			*"$only"*) ;;
			*) continue ;;
			esac
			count=$((count + 1))
			if consumer "$compiler" "$standard" "$how" "$options"; then
				echo "works   $label, $how: $options"
			else
				failed=$((failed + 1))
				echo "FAILED  $label, $how: $options"
				echo "$said" | head -n 40
			fi
		done <<LIST
$variants
LIST
	done
done
echo "$count consumers, $failed failed"
[ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
