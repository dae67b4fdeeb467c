#!/bin/sh
# SPDX-License-Identifier: MIT
# Ratios between rows of a benchmark, the way they can be trusted on a noisy machine: several process
# starts, in each the rows interleaved at random and repeated; the ratio is taken repetition by
# repetition; printed are the median of a process's ratios for each start, and the median of those.
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

i=0
while [ "$i" -lt "$starts" ]; do
	i=$((i + 1))
	"$bench" --benchmark_format=csv --benchmark_min_time=0.02 --benchmark_repetitions="$repetitions" \
		--benchmark_enable_random_interleaving=true 2>/dev/null | sed "s/^/$i,/"
done | awk -F, -v pairs="$pairs" '
	function median(list, n,   a, b, t) { # of list[1..n], which it sorts
		for (a = 2; a <= n; a++)
			for (b = a; b > 1 && list[b] < list[b - 1]; b--) { t = list[b]; list[b] = list[b - 1]; list[b - 1] = t }
		return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
	}
	$2 ~ /^"/ && $2 !~ /_(mean|median|stddev|cv)"$/ && $4 + 0 > 0 {
		gsub(/"|\/iterations:[0-9]+|\/manual_time/, "", $2)
		count[$1, $2]++
		ns[$1, $2, count[$1, $2]] = $4 + 0
		starts = $1
	}
	function time(row,   s, r, all, m) {
		for (s = 1; s <= starts; s++)
			for (r = 1; r <= count[s, row]; r++) all[++m] = ns[s, row, r]
		return median(all, m)
	}
	function ratio(a, b,   s, r, each, med, line) {
		for (s = 1; s <= starts; s++) {
			for (r = 1; r <= count[s, a]; r++) each[r] = ns[s, a, r] / ns[s, b, r]
			med[s] = median(each, count[s, a])
			line = line sprintf(" %.3f", med[s])
		}
		printf "%-21s %12.2f ns  / %-21s %9.2f ns  = %8.3f   (starts:%s)\n", a, time(a), b, time(b), median(med, starts), line
	}
	function difference(a, b,   s, r, each, med) {
		for (s = 1; s <= starts; s++) {
			for (r = 1; r <= count[s, a]; r++) each[r] = ns[s, a, r] - ns[s, b, r]
			med[s] = median(each, count[s, a])
		}
		printf "%-21s - %-21s = %+.2f ns\n", a, b, median(med, starts)
	}
	END {
		if (!starts) { print "bench/compare.sh: the benchmark has measured nothing" > "/dev/stderr"; exit 1 }
		while ((getline line < pairs) > 0) {
			if (split(line, word, " ") < 2 || line ~ /^#/ || !count[1, word[2]]) continue
			if (word[1] == "time") printf "%-21s %12.2f ns\n", word[2], time(word[2])
			else if (!count[1, word[3]]) continue
			else if (word[1] == "ratio") ratio(word[2], word[3])
			else difference(word[2], word[3])
		}
	}'
