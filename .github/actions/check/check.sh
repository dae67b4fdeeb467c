#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The step of action.yml, whose inputs are the variables SOCKOPS_…: gets sockops-run, runs it over the objects and the
# text tests, and fails if one of them does. Failures are printed once more as annotations, which the code host shows at their lines.
set -euo pipefail
shopt -s globstar nullglob

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/sockops-check.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# fail WORDS…: ends the step.
fail() {
	printf '::error title=sockops check::%s\n' "$*" >&2
	exit 1
}

# The version of the sources that this script is of.
own_version() {
	sed -nE 's/^#define SOCKOPS_VERSION_(MAJOR|MINOR|PATCH) //p' "$here"/../../../include/sockops/version.hpp |
		paste -s -d . -
}

# OWNER/NAME: of the repository that the action was taken from. (In a composite action the context has no such thing
# that can be relied on.)
own_repository() {
	case $here in
	*/_actions/*/*/*) printf '%s\n' "${here##*/_actions/}" | cut -d / -f 1,2 ;;
	*) printf '%s\n' "${GITHUB_REPOSITORY:-}" ;;
	esac
}

download() {
	local url=$1 to=$2
	if [[ $url == file://* ]]; then
		cp "${url#file://}" "$to"
	elif command -v curl >/dev/null; then
		curl --fail --silent --show-error --location --retry 3 --output "$to" "$url"
	else
		wget --quiet --tries=4 --output-document="$to" "$url"
	fi || fail "$url cannot be fetched. The input 'url' names another place, 'tool' a sockops-run that is there"
}

# fetch_tool: `tool` is what the release's tarball has.
fetch_tool() {
	local version=${SOCKOPS_VERSION:-$(own_version)} repository name url sum
	version=${version#v}
	url=${SOCKOPS_URL:-}
	if [ -z "$url" ]; then
		[ "$(uname -sm)" = "Linux x86_64" ] ||
			fail "no release has a sockops-run for $(uname -sm); the inputs 'tool' and 'url' name one that was built there"
		repository=$(own_repository)
		if [ -z "$repository" ] || [ -z "$version" ]; then
			fail "it is not known which release to take: the input 'url' names its tarball"
		fi
		name=sockops-run-$version-x86_64-linux.tar.gz
		url=${GITHUB_SERVER_URL:-https://github.com}/$repository/releases/download/v$version/$name
	fi
	download "$url" "$scratch/tarball"
	sum=${SOCKOPS_SHA256:-}
	if [ -z "$sum" ]; then
		download "$url.sha256" "$scratch/sum"
		read -r sum _ <"$scratch/sum" || true # the line may have no end
		[ -n "$sum" ] || fail "$url.sha256 is empty; the input 'sha256' is the sum in its place"
	fi
	echo "$sum  $scratch/tarball" | sha256sum --check --status ||
		fail "$url has the sha256 sum $(sha256sum "$scratch/tarball" | cut -d ' ' -f 1), and not $sum"
	mkdir "$scratch/sockops-run"
	tar -xzf "$scratch/tarball" -C "$scratch/sockops-run" --strip-components=1
	tool=$scratch/sockops-run/bin/sockops-run
}

# The files that each pattern stands for, each with the cgroup that it says. `named`: those that are not of a pattern with
# wildcards, which have to be there, and to be objects of sock_ops programs.
find_objects() {
	local patterns pattern cgroup found each
	objects=() named=()
	read -r -d '' -a patterns <<<"${SOCKOPS_OBJECTS:-}" || true
	for pattern in "${patterns[@]}"; do
		cgroup=
		case $pattern in
		*@/*)
			cgroup=@/${pattern#*@/}
			pattern=${pattern%%@/*}
			;;
		esac
		# shellcheck disable=SC2206 # the pattern is one
		found=($pattern)
		if [ ${#found[@]} -eq 0 ] || [ ! -e "${found[0]}" ]; then
			fail "no file is there for '$pattern' of the input 'objects', in $PWD"
		fi
		for each in "${found[@]}"; do
			objects+=("$each$cgroup")
			named+=("$([[ $pattern == *[*?[]* ]] || echo yes)")
		done
	done
	[ ${#objects[@]} -gt 0 ] || [ ${#tests[@]} -gt 0 ] ||
		fail "the input 'objects' names no file, and 'tests' no test: they are paths or patterns of object files, and of text tests"
}

# `tests`: the files and folders that the input names.
find_tests() {
	local patterns pattern found
	tests=()
	read -r -d '' -a patterns <<<"${SOCKOPS_TESTS:-}" || true
	for pattern in "${patterns[@]}"; do
		# shellcheck disable=SC2206 # the pattern is one
		found=($pattern)
		if [ ${#found[@]} -eq 0 ] || [ ! -e "${found[0]}" ]; then
			fail "no file or folder is there for '$pattern' of the input 'tests', in $PWD"
		fi
		tests+=("${found[@]}")
	done
}

# pass_over: of what wildcards have found, the objects for big-endian machines (a bpf2go's _bpfeb.o) and those of other
# kinds of programs. Whatever else is wrong with one is for the run to say.
pass_over() {
	local kept=() each file reason
	for each in "${!objects[@]}"; do
		file=${objects[$each]%%@/*} reason=
		if [ -z "${named[$each]}" ]; then
			if [ "$(od -An -tx1 -j5 -N1 "$file")" = ' 02' ]; then
				reason="it is for big-endian machines"
			elif "$tool" --contents "$file" >"$scratch/contents" 2>"$scratch/said" &&
				! grep -q '^program ' "$scratch/contents"; then
				reason=$(tail -n 1 "$scratch/said")
				reason=${reason#sockops-run: note: }
			fi
		fi
		if [ -n "$reason" ]; then
			echo "$file is passed over: $reason"
		else
			kept+=("${objects[$each]}")
		fi
	done
	[ ${#kept[@]} -gt 0 ] || fail "none of ${objects[*]} has a sock_ops program for this machine"
	objects=("${kept[@]}")
}

# Words as a shell quotes them; nothing of them is run.
read_options() {
	local what
	local -a kinds more
	options=(--annotations)
	if [ "${SOCKOPS_CHECK:-false}" = true ]; then
		[ -z "${SOCKOPS_TIMELINE:-}" ] || fail "with the input 'check' nothing is run, and so no 'timeline'"
		options+=(--check)
	else
		[ -z "${SOCKOPS_TIMELINE:-}" ] || options+=(--timeline "$SOCKOPS_TIMELINE" --expect)
		read -r -d '' -a kinds <<<"${SOCKOPS_FAIL_IF:-}" || true
		for what in "${kinds[@]}"; do
			options+=(--fail-if "$what")
		done
	fi
	printf '%s\n' "${SOCKOPS_OPTIONS:-}" | xargs printf '%s\0' >"$scratch/options" ||
		fail "the input 'options' has quotes that do not match: $SOCKOPS_OPTIONS"
	mapfile -d '' -t more <"$scratch/options"
	for what in "${more[@]}"; do
		[ -z "$what" ] || options+=("$what")
	done
}

# run_tool NAME WORD…: one run, which is called NAME if it fails.
run_tool() {
	local name=$1 status=0
	shift
	echo "::group::sockops-run $name"
	"$tool" "$@" 2>&1 || status=$?
	echo "::endgroup::"
	[ $status -eq 0 ] && return
	failed+=("$name")
	# Of a wrong command line there is no other.
	[ $status -eq 1 ] || echo "::error title=sockops check::sockops-run $*: exit status $status"
}

# check OBJECT…: in one run.
check() {
	run_tool "$*" "$@" "${options[@]}"
}

check_objects() {
	local each
	pass_over
	if [ "${SOCKOPS_TOGETHER:-false}" = true ]; then
		check "${objects[@]}"
	else
		for each in "${objects[@]}"; do
			check "$each"
		done
	fi
	if [ ${#failed[@]} -gt 0 ]; then
		echo "${#failed[@]} of ${#objects[@]} failed: ${failed[*]}"
	else
		echo "${#objects[@]} of ${#objects[@]} passed"
	fi
}

# In the log they stand open: the tool says itself how many have failed.
check_tests() {
	local words=(--annotations) status=0
	[ -z "${SOCKOPS_JUNIT:-}" ] || words+=(--junit "$SOCKOPS_JUNIT")
	"$tool" --test "${tests[@]}" "${words[@]}" 2>&1 || status=$?
	[ $status -eq 0 ] || failed+=("--test ${tests[*]}")
}

read_options
find_tests
find_objects
tool=${SOCKOPS_TOOL:-}
[ -n "$tool" ] || fetch_tool
"$tool" --version || fail "'$tool' is no sockops-run that can be run here"
failed=()
[ ${#objects[@]} -eq 0 ] || check_objects
[ ${#tests[@]} -eq 0 ] || check_tests
[ ${#failed[@]} -eq 0 ]
