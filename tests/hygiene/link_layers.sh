#!/bin/sh
# SPDX-License-Identifier: MIT
# No object file of a layer needs a symbol that a layer above it defines. What every object has of an inline function
# (weak) counts for nobody.
#
#   link_layers.sh NM PAGE LIST      LIST: a file with the object files, each on a line; PAGE: the layers' README
set -eu
nm=$1
page=$2
list=$3
layers=$(sed -n 's/^| `\([a-z0-9_]*\)\/`.*/\1/p' "$page" | tr '\n' ' ')
xargs "$nm" -A -g <"$list" | awk -v layers="$layers" '
function layer_of(path) {
	sub(/.*\/src\//, "", path)
	sub(/\/.*/, "", path)
	return path
}
BEGIN {
	count = split(layers, name, " ")
	for (i = 1; i <= count; ++i)
		rank[name[i]] = i
}
{
	at = index($0, ".o:")
	file = substr($0, 1, at + 1)
	objects[file] = 1
	fields = split(substr($0, at + 3), part, " ")
	if (fields == 3 && part[2] ~ /[TDBRGS]/)
		owner[part[3]] = file
	else if (fields == 2 && part[1] ~ /[Uw]/)
		needs[file, part[2]] = 1
}
END {
	for (file in objects) {
		++files
		if (!(layer_of(file) in rank)) {
			print file ": no layer of the page"
			++wrong
		}
	}
	for (pair in needs) {
		split(pair, both, SUBSEP)
		user = both[1]
		symbol = both[2]
		if (!(symbol in owner))
			continue
		++looked_at
		if (rank[layer_of(owner[symbol])] > rank[layer_of(user)]) {
			printf "%s needs %s of %s\n", user, symbol, owner[symbol]
			++wrong
		}
	}
	printf "%d object files, %d needs between them, %d upwards\n", files, looked_at, wrong
	exit wrong > 0 || files < 50 || looked_at < 500
}'
