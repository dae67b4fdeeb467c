#!/bin/sh
# SPDX-License-Identifier: MIT
# Where code orders memory more strongly than relaxed, a comment on that line or shortly above has a letter, and
# include/sockops/README.md says what the letter pairs; and the page has no letter that no code has.
#
#   memory_orders.sh SOURCE_DIR
set -eu
cd "$1"
letters=$(sed -n 's/^| \([A-Z]\(, [A-Z]\)*\) |.*/\1/p' include/sockops/README.md | tr -d ', \n')
find include/sockops src -name '*.hpp' -o -name '*.cpp' | sort | xargs awk -v letters="$letters" '
FNR == 1 {
	last = -100
}
match($0, /\/\/.*/) {
	comment = substr($0, RSTART)
	while (match(comment, /(^|[ \/])[A-Z]([:.,]|$| \()/)) {
		one = substr(comment, RSTART, RLENGTH)
		gsub(/[^A-Z]/, "", one)
		if (index(letters, one)) {
			last = FNR
			used[one] = 1
		}
		comment = substr(comment, RSTART + RLENGTH)
	}
}
!/atomic_signal_fence/ && /memory_order_(acquire|release|acq_rel|seq_cst)|__ATOMIC_(ACQUIRE|RELEASE|ACQ_REL|SEQ_CST)/ {
	++orders
	if (FNR - last > 12) {
		print FILENAME ":" FNR ": an order without a letter of the page: " $0
		++wrong
	}
}
END {
	for (i = 1; i <= length(letters); ++i)
		if (!(substr(letters, i, 1) in used)) {
			print "include/sockops/README.md: " substr(letters, i, 1) " stands at no order"
			++wrong
		}
	printf "%d orders stronger than relaxed, %d letters, %d wrong\n", orders, length(letters), wrong
	exit wrong > 0 || orders < 40
}'
