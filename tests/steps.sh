# SPDX-License-Identifier: MIT
# Sourced by tests/run.sh: steps, each under a heading that has the time since the start; and in the end what each took,
# how many tests passed, and the command that runs alone what failed.
started=$(date +%s)
steps=
failures=

# minutes SECONDS: as 2:05.
minutes() {
	printf '%d:%02d' $(($1 / 60)) $(($1 % 60))
}

# step WORDS COMMAND…: what WORDS name. Ends the run if the command fails.
step() {
	begin_step "$1"
	shift
	"$@" || {
		failures="$failures  $words: $*
"
		end_step "FAILED"
		summary
	}
	end_step
}

# quiet LOG COMMAND…: what it prints goes to the log, and is seen only if it fails.
quiet() {
	log=$1
	shift
	"$@" >"$log" 2>&1 || {
		cat "$log"
		return 1
	}
}

begin_step() {
	words=$1
	begun=$(date +%s)
	echo "== $words, after $(minutes $((begun - started)))"
}

# end_step [RESULT]
end_step() {
	took=$(($(date +%s) - begun))
	steps="$steps$(printf '%6s  %s%s' "$(minutes $took)" "$words" "${1:+: $1}")
"
}

# run_tests PRESET [OPTION OF CTEST…]: the run goes on if tests fail.
run_tests() {
	preset=$1
	shift
	begin_step "$preset: tests"
	results=$PWD/build/$preset/tests.xml
	failed=build/$preset/Testing/Temporary/LastTestsFailed.log
	rm -f "$failed" "$results"
	# Many wait more than they compute: for sockets, clocks and each other.
	if ! ctest --preset "$preset" --parallel $((2 * CMAKE_BUILD_PARALLEL_LEVEL)) --output-junit "$results" "$@"; then
		if [ -s "$failed" ]; then
			failures="$failures$(sed "s/^[0-9]*:\(.*\)/  ctest --preset $preset -R '^\1\$'/" "$failed")
"
		else
			failures="$failures  ctest --preset $preset
"
		fi
	fi
	end_step "$(number_of tests) tests, $(number_of failures) failed, $(number_of skipped) skipped"
}

# number_of ATTRIBUTE: of the first line of the results.
number_of() {
	number=$(sed -n "s/.*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$results" 2>/dev/null | head -n 1)
	echo "${number:-?}"
}

# summary: ends the run.
summary() {
	echo "== done after $(minutes $(($(date +%s) - started)))"
	printf '%s' "$steps"
	[ -n "$failures" ] || exit 0
	echo "FAILED; what failed alone:"
	printf '%s' "$failures"
	exit 1
}
