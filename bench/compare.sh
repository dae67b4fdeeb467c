#!/bin/sh
# SPDX-License-Identifier: MIT
# Ratios between rows of a benchmark, the way they can be trusted on a noisy machine: several process
# starts, in each all rows several times in random order (the place in the order alone makes 7 %); a
# row's time in a start is its median there, and ratios are taken start by start; printed are the
# medians, and the quartiles of the ratios.
# Which rows: <name of the benchmark>.pairs beside this script.
#
#   sh bench/compare.sh build/release/bench/bench_dispatch [starts [repetitions]]
#   sh bench/compare.sh build/release/bench/bench_attach [starts [repetitions]]
set -eu
bench=${1:-}
starts=${2:-5}
repetitions=${3:-11}
pairs=$(dirname "$0")/$(basename "$bench").pairs
if [ ! -x "$bench" ] || [ ! -f "$pairs" ]; then
	echo "bench/compare.sh: '$bench' is no built benchmark of this project. Usage:" >&2
	echo "  cmake --preset release && cmake --build --preset release" >&2
	echo "  sh bench/compare.sh build/release/bench/bench_dispatch [starts [repetitions]]" >&2
	exit 2
fi

start=0
while [ "$start" -lt "$starts" ]; do
	start=$((start + 1))
	"$bench" --benchmark_format=csv --benchmark_min_time=0.02 --benchmark_repetitions="$repetitions" \
		--benchmark_enable_random_interleaving=true 2>/dev/null | sed "s/^/$start,/"
done | awk -F, -v pairs="$pairs" -v single="$([ "$repetitions" -gt 1 ] || echo 1)" '
	$2 ~ /^"/ && $2 !~ /_(mean|stddev|cv)"$/ && $3 ~ /^[0-9]+$/ { # a row that was skipped has no number there
		if ($2 !~ /_median"$/ && !single) next
		gsub(/"|_median|\/iterations:[0-9]+|\/repeats:[0-9]+|\/manual_time/, "", $2)
		ns[$1, $2] = $4 > 0.01 ? $4 + 0 : 0.01
		starts = $1
	}
	function sort(list, n,   a, b, t) {
		for (a = 2; a <= n; a++)
			for (b = a; b > 1 && list[b] < list[b - 1]; b--) { t = list[b]; list[b] = list[b - 1]; list[b - 1] = t }
	}
	function quantile(list, n, q,   at, low) { # of a sorted list
		at = 1 + (n - 1) * q
		low = int(at)
		return low < n ? list[low] + (at - low) * (list[low + 1] - list[low]) : list[n]
	}
	function time(row,   s, all) {
		for (s = 1; s <= starts; s++) all[s] = ns[s, row]
		sort(all, starts)
		return quantile(all, starts, 0.5)
	}
	function compare(how, a, b,   s, all) {
		for (s = 1; s <= starts; s++) all[s] = how == "ratio" ? ns[s, a] / ns[s, b] : ns[s, a] - ns[s, b]
		sort(all, starts)
		if (how == "ratio")
			printf "%-27s %12.2f ns  / %-25s %10.2f ns  = %9.3f   (quartiles %.3f, %.3f)\n", a, time(a), b, time(b),
				quantile(all, starts, 0.5), quantile(all, starts, 0.25), quantile(all, starts, 0.75)
		else
			printf "%-27s %12.2f ns  - %-25s %10.2f ns  = %+.2f ns   (quartiles %+.2f, %+.2f)\n", a, time(a), b, time(b),
				quantile(all, starts, 0.5), quantile(all, starts, 0.25), quantile(all, starts, 0.75)
	}
	END {
		if (!starts) { print "bench/compare.sh: the benchmark has measured nothing" > "/dev/stderr"; exit 1 }
		while ((getline line < pairs) > 0) {
			n = split(line, word, " ")
			if (n < 2 || line ~ /^#/) continue
			if (!ns[1, word[2]] || (n > 2 && !ns[1, word[3]])) print "not measured: " line
			else if (word[1] == "time") printf "%-27s %12.2f ns\n", word[2], time(word[2])
			else compare(word[1], word[2], word[3])
		}
	}'
