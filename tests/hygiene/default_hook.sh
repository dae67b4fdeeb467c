#!/bin/sh
# SPDX-License-Identifier: MIT
# Each call site that is a member of tcp_hook<> is a function of hook/default_hook.hpp, too. Not those that ask no flag,
# which are for testing/fire.hpp alone, nor private ones.
#
#   default_hook.sh SOURCE_DIR
set -eu
cd "$1/include/sockops/hook"
count=0
wrong=0
for name in $(awk 'FNR == 1 { open = 1 }
	/^  private:/ { open = 0 }
	/^  public:/ { open = 1 }
	open && /^\t(\[\[.*\]\] )?static / {
		line = $0
		if (line !~ /\(/ || line ~ /static int$/) # the name is on the next line
			getline line
		sub(/.*\]\] /, "", line)
		match(line, /[a-z_0-9]+\(/)
		print substr(line, RSTART, RLENGTH - 1)
	}' dispatch.hpp call_sites.hpp tcp_events.hpp tcp_timers.hpp header_options.hpp tcp_output.hpp tx_timestamps.hpp); do
	case $name in call_with_segment | ask_hdr_opt_len | tx_timestamp) continue ;; esac
	count=$((count + 1))
	grep -q "[ \n]$name(" default_hook.hpp || {
		echo "default_hook.hpp has no $name()"
		wrong=1
	}
done
echo "$count call sites"
[ "$wrong" = 0 ] && [ "$count" -ge 40 ]
