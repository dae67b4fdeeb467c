#!/bin/sh
# SPDX-License-Identifier: MIT
# Ratios of bench_dispatch's rows, the way they can be trusted on a noisy machine: several process
# starts, in each the rows interleaved at random and repeated; the ratio is taken repetition by
# repetition; printed are the median of a process's ratios for each start, and the median of those.
#
#   sh bench/compare.sh BENCH_DISPATCH [starts [repetitions]]
set -eu
bench=${1:?usage: sh bench/compare.sh BENCH_DISPATCH [starts [repetitions]]}
starts=${2:-5}
repetitions=${3:-11}
rows='^(key_off|empty_call|(bare_loop|tcp_call_bpf|urcu_memb|signals2|shared_mutex|policy_6_1)/(0|1|8|64))$'

i=0
while [ "$i" -lt "$starts" ]; do
	i=$((i + 1))
	"$bench" --benchmark_filter="$rows" --benchmark_format=csv --benchmark_min_time=0.02 \
		--benchmark_repetitions="$repetitions" --benchmark_enable_random_interleaving=true 2>/dev/null |
		sed "s/^/$i,/"
done | awk -F, '
	function median(list, n,   a, b, t) { # of list[1..n], which it sorts
		for (a = 2; a <= n; a++)
			for (b = a; b > 1 && list[b] < list[b - 1]; b--) { t = list[b]; list[b] = list[b - 1]; list[b - 1] = t }
		return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
	}
	$2 ~ /^"/ && $2 !~ /_(mean|median|stddev|cv)"$/ && $4 + 0 > 0 {
		gsub(/"/, "", $2)
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
		if (!count[1, a] || !count[1, b]) return
		for (s = 1; s <= starts; s++) {
			for (r = 1; r <= count[s, a]; r++) each[r] = ns[s, a, r] / ns[s, b, r]
			med[s] = median(each, count[s, a])
			line = line sprintf(" %.3f", med[s])
		}
		printf "%-18s %9.2f ns  / %-16s %9.2f ns  = %.3f   (starts:%s)\n", a, time(a), b, time(b), median(med, starts), line
	}
	function difference(a, b,   s, r, each, med) {
		for (s = 1; s <= starts; s++) {
			for (r = 1; r <= count[s, a]; r++) each[r] = ns[s, a, r] - ns[s, b, r]
			med[s] = median(each, count[s, a])
		}
		printf "%-18s - %-16s = %+.2f ns\n", a, b, median(med, starts)
	}
	END {
		split("0 1 8 64", sizes, " ")
		ratio("key_off", "bare_loop/0")
		for (k = 1; k <= 4; k++) ratio("tcp_call_bpf/" sizes[k], "bare_loop/" sizes[k])
		difference("tcp_call_bpf/1", "bare_loop/1")
		for (k = 1; k <= 4; k++) ratio("tcp_call_bpf/" sizes[k], "urcu_memb/" sizes[k])
		for (k = 1; k <= 4; k++) ratio("shared_mutex/" sizes[k], "tcp_call_bpf/" sizes[k])
		for (k = 1; k <= 4; k++) ratio("signals2/" sizes[k], "tcp_call_bpf/" sizes[k])
		for (k = 1; k <= 4; k++) ratio("policy_6_1/" sizes[k], "tcp_call_bpf/" sizes[k])
		ratio("tcp_call_bpf/0", "empty_call")
	}'
