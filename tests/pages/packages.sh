#!/bin/sh
# SPDX-License-Identifier: MIT
# The packages that the README names are those that tests/run.sh installs.
cd "$(dirname "$0")/../.." || exit 1
named=$(sed -n 's/^apt-get install \([^#]*\).*/\1/p' README.md | tr ' ' '\n' | sed '/^$/d' | sort)
installed=$(sed -n 's/^.*packages="\(\$packages \)\{0,1\}\([^"]*\)".*/\2/p' tests/run.sh | tr ' ' '\n' | sed '/^$/d' | sort)
[ -n "$named" ] && [ "$named" = "$installed" ] && exit 0
echo "README.md names, and tests/run.sh installs:"
printf '%s\n' "$named" "$installed" | sort | uniq -u
exit 1
