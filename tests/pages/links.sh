#!/bin/sh
# SPDX-License-Identifier: MIT
# Links in pages lead to what is there: files, folders, and headings of pages. And each page but the first says whom it is
# for, and where to go next.
#   links.sh ROOT PAGE…
root=$1
shift
status=0
# The heading's name in a link, as code hosts make it.
anchors() {
	sed -n '/^```/,/^```/d; s/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed "s/[^a-z0-9 _-]//g; s/ /-/g"
}
for page; do
	folder=$(dirname "$page")
	for link in $(sed '/^```/,/^```/d' "$page" | grep -o '](\([^)]*\))' | sed 's/^](//; s/)$//'); do
		case $link in
		http://* | https://* | mailto:*) continue ;;
		esac
		file=${link%%#*}
		target=$folder/$file
		[ -n "$file" ] || target=$page
		if [ ! -e "$target" ]; then
			echo "$page: a link to $link, which is not there"
			status=1
		elif [ "$file" != "$link" ]; then
			[ ! -d "$target" ] || target=$target/README.md
			anchors "$target" | grep -qxF -- "${link#*#}" || {
				echo "$page: a link to $link: $target has no such heading"
				status=1
			}
		fi
	done
	[ "$page" != "$root/README.md" ] || continue
	case $page in */recorded/* | */isa/* | */reference/* | */*_TEMPLATE*) continue ;; esac
	sed -n '2,6p' "$page" | grep -q '^For ' || {
		echo "$page: does not begin with whom it is for ('For who …')"
		status=1
	}
	grep -v '^$' "$page" | tail -n 3 | grep -q '^Next: ' || {
		echo "$page: does not end with where to go next ('Next: …')"
		status=1
	}
done
exit $status
