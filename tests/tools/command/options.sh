#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# options.sh TOOL PAGE COMPLETION: each option that TOOL --help lists stands in its man page with its value, and is
# completed; and no other is.
set -eu
tool=$1 page=$2 completion=$3
name=$(basename "$tool")

# "--keep FOLDER", a line each, of the lines that list options.
listed=$("$tool" --help | sed -n 's/^  \(-[^ ,]*\(, -[^ ,]*\)*\( [^ ]*\)\{0,1\}\).*/\1/p')
[ "$(printf '%s\n' "$listed" | wc -l)" -ge 7 ] || { echo "--help lists no options: $listed"; exit 1; }

wrong=0
text=$(sed 's/\\f[BIR]//g; s/\\-/-/g' "$page")
while read -r line; do
	printf '%s\n' "$text" | grep -qxF -e "$line" -e "${line%% *}" || {
		echo "no entry '$line' in $page"
		wrong=1
	}
done <<<"$listed"

# shellcheck source=/dev/null
. "$completion"
COMP_WORDS=("$name" -) COMP_CWORD=1 COMPREPLY=()
"_${name//-/_}"
diff <(printf '%s\n' "${COMPREPLY[@]}" | sort) <(printf '%s\n' "$listed" | grep -oE -- '(^|[ ,])-[A-Za-z0-9_-]+' |
	tr -d ' ,' | sort) || { echo "completion (<) and --help (>) differ"; wrong=1; }
exit $wrong
