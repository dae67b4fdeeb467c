#!/bin/sh
# SPDX-License-Identifier: MIT
# Does the adapter compile with the headers of another ns-3? Nothing is linked, so headers are enough.
#
#   sh tests/ns3/scripts/check_headers.sh FOLDER…
#     FOLDER  has ns3/tcp-socket-base.h and all other headers of ns-3's, flat, as an installed ns-3 has
#             them (/usr/include), or a built one (build/include)
#
# For each folder, with g++ and clang++ where they are found, hooked_script.cpp must compile in silence as C++20, our
# header first; with ns-3's first, too, or, where ns-3's are not valid C++20 for that compiler, end in one #error
# of ours; and as C++17 in one that says what to do. A line for each folder: its version, what each compiler said, what
# differs between releases and how it is there. Exit status 1 if a folder fails, or has no headers.
set -u
here=$(cd "$(dirname "$0")" && pwd)
include=$(cd "$here/../../../include" && pwd)
[ $# -gt 0 ] || {
	echo "check_headers.sh: no folder; give one that has ns3/tcp-socket-base.h, such as /usr/include" >&2
	exit 2
}
compilers=
for compiler in g++ clang++; do
	command -v $compiler >/dev/null && compilers="$compilers $compiler"
done
[ -n "$compilers" ] || {
	echo "check_headers.sh: neither g++ nor clang++ is installed" >&2
	exit 2
}
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# version FOLDER: by version-defines.h, which not every build of ns-3 has; else the folder's name.
version() {
	by_macros=$(awk '$2 == "NS3_VERSION_MAJOR" { major = $3 } $2 == "NS3_VERSION_MINOR" { minor = $3 }
		END { if (major != "") print major "." minor }' "$1/ns3/version-defines.h" 2>/dev/null)
	echo "${by_macros:-$(basename "$1")}"
}

# has FOLDER HEADER PATTERN
has() {
	grep -Eq "$3" "$1/ns3/$2" 2>/dev/null
}

# differs FOLDER: what releases differ in and the adapter has to know.
differs() {
	if has "$1" internet-stack-helper.h 'SetTcp\('; then
		printf 'SetTcp()'
	else
		printf 'no SetTcp()'
	fi
	if has "$1" tcp-socket-base.h 'bool receivedData'; then
		printf ', ProcessAck() of 5'
	else
		printf ', ProcessAck() of 4'
	fi
	has "$1" object.h 'GetInstanceTypeId\(\) const final' && printf ', GetInstanceTypeId() final'
	has "$1" ptr.h 'Use CreateObject\(\)' && printf ', Create<Object>() refused'
	has "$1" singleton.h 'Singleton<T>\(\)' && printf ', Singleton not C++20'
	echo
}

# where FOLDER: the option that names it, but for the compiler's own, which has its place in the order.
where() {
	[ "$1" = /usr/include ] || echo "-isystem$1"
}

# silent COMPILER FOLDER STANDARD OPTION…: compiles without a word; what was said is kept.
silent() {
	with=$1 folder=$2 standard=$3
	shift 3
	# shellcheck disable=SC2046
	"$with" -std="$standard" -Wall -Wextra -fsyntax-only $(where "$folder") -I "$include" "$@" \
		"$here/hooked_script.cpp" >"$said" 2>&1 && [ ! -s "$said" ]
}

# told_once: what was said has one #error, and it is ours.
told_once() {
	[ "$(grep -Ec 'error: (#error +)?"(sockops|include <sockops)' "$said")" = 1 ]
}

# told_to_use_cxx20: and it comes first; nothing follows but the line that ends the compilation.
told_to_use_cxx20() {
	told_once && [ "$(grep -c 'error:' "$said")" -le 2 ] &&
		grep -m 1 'error:' "$said" | grep -q 'compile with -std=c++20'
}

# reads COMPILER FOLDER HEADER: ns-3's header alone is C++20 for it.
reads() {
	echo "#include <ns3/$3>" | "$1" -std=c++20 -fsyntax-only $(where "$2") -x c++ - 2>/dev/null
}

# failed WORDS: the way that failed, and the first lines that say why.
failed() {
	well=false
	printf ' %s: %s errors;' "$1" "$(grep -c 'error:' "$said")"
	grep -E 'error:|warning:' "$said" | sed "s|$include/||; s|^|    $compiler, $1: |; 6q" >>"$details"
}

# tried COMPILER FOLDER: all that is asked of one compiler, as words.
tried() {
	compiler=$1
	well=true
	printf ' %s' "$compiler"
	options=-DNS3_WITH_SINGLETON
	[ "$compiler" = g++ ] && has "$2" singleton.h 'Singleton<T>\(\)' && options=-DNS3_WITHOUT_SINGLETON
	if ! silent "$compiler" "$2" c++20 $options; then
		# ns-3.47's internet-module.h is none for clang before 16, with or without us
		if [ $options = -DNS3_WITH_SINGLETON ] && ! reads "$compiler" "$2" internet-module.h; then
			printf ' (internet-module.h alone does not compile)'
			options="$options -DWITHOUT_INTERNET_MODULE"
		fi
		# shellcheck disable=SC2086
		silent "$compiler" "$2" c++20 $options || failed "ours first"
	fi
	# shellcheck disable=SC2086
	silent "$compiler" "$2" c++20 -DNS3_FIRST $options ||
		{ [ "$options" = -DNS3_WITHOUT_SINGLETON ] && told_once; } || failed "ns-3's first"
	silent "$compiler" "$2" c++17
	told_to_use_cxx20 || failed "C++17"
	$well && printf ' ok'
	$well || all_well=false
	printf ','
}

all_well=true
details=$(mktemp)
trap 'rm -f "$said" "$details"' EXIT
for folder; do
	[ -f "$folder/ns3/tcp-socket-base.h" ] || {
		echo "$folder: no ns3/tcp-socket-base.h there: the folder above ns3/ is asked for"
		all_well=false
		continue
	}
	: >"$details"
	printf 'ns-3 %s:' "$(version "$folder")"
	for compiler in $compilers; do
		tried "$compiler" "$folder"
	done
	printf ' has '
	differs "$folder"
	cat "$details"
done
$all_well
