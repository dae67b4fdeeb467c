# SPDX-License-Identifier: MIT
# Sourced by install-packages.sh, and by who sources that.
#
# with_progress LOG COMMAND…: runs it with all of its output in LOG. Meanwhile stderr has the last line of LOG, in one
# line if it is a terminal, else now and then. If the command fails its status is this one's, and stderr has all of LOG.

with_progress() {
	progress_log=$1
	shift
	: >"$progress_log"
	show_last_lines "$progress_log" &
	progress_watcher=$!
	progress_status=0
	"$@" >"$progress_log" 2>&1 || progress_status=$?
	kill $progress_watcher 2>/dev/null || :
	wait $progress_watcher 2>/dev/null || :
	[ ! -t 2 ] || printf '\r\033[K' >&2
	[ $progress_status -eq 0 ] || {
		cat "$progress_log" >&2
		echo "This failed, with status $progress_status (its output is in $progress_log): $*" >&2
	}
	return $progress_status
}

# show_last_lines LOG: until it is killed, or the script has ended.
show_last_lines() {
	every=15
	shown=
	[ ! -t 2 ] || every=1
	seconds=0
	while sleep 1 2>/dev/null >&2 && kill -0 $$ 2>/dev/null; do
		seconds=$((seconds + 1))
		[ $((seconds % every)) -eq 0 ] || continue
		last=$(tail -n 1 "$1" | tr -d '\r' | cut -c "1-$((${COLUMNS:-80} - 1))")
		[ "$last" != "$shown" ] || continue
		shown=$last
		if [ -t 2 ]; then
			printf '\r\033[K%s' "$last" >&2
		else
			printf '  %s\n' "$last" >&2
		fi
	done
}
