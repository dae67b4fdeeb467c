# SPDX-License-Identifier: MIT
# awk -f same_lines.awk EXPECTED PRINTED: fails, and shows both, unless they have the same lines. In what is expected a
# line `...` stands for any number of lines, `…` in a line for any characters. Blanks at the end of a line do not count.
function read_lines(file, lines,   n, line) {
	while ((getline line < file) > 0) {
		sub(/[ \t]+$/, "", line)
		lines[++n] = line
	}
	return n + 0
}

# Is LINE what PATTERN says?
function is(pattern, line,   parts, n, at, i) {
	n = split(pattern, parts, "…")
	if (n < 2)
		return pattern == line
	if (substr(line, 1, length(parts[1])) != parts[1])
		return 0
	line = substr(line, length(parts[1]) + 1)
	for (i = 2; i < n; i++) {
		at = index(line, parts[i])
		if (!at && parts[i] != "")
			return 0
		line = substr(line, at + length(parts[i]))
	}
	return length(line) >= length(parts[n]) && substr(line, length(line) - length(parts[n]) + 1) == parts[n]
}

BEGIN {
	expected_lines = read_lines(ARGV[1], expected)
	printed_lines = read_lines(ARGV[2], printed)
	i = j = furthest = 1
	while (j <= printed_lines) {
		if (i <= expected_lines && expected[i] == "...") {
			resume_i = ++i
			resume_j = j
		} else if (i <= expected_lines && is(expected[i], printed[j])) {
			i++
			j++
		} else if (resume_i) { # the last `...` is one line longer
			i = resume_i
			j = ++resume_j
		} else
			break
		if (i > furthest)
			furthest = i
	}
	while (i <= expected_lines && expected[i] == "...")
		i++
	if (i > expected_lines && j > printed_lines)
		exit 0
	print "expected (up to > it is so):"
	for (i = 1; i <= expected_lines; i++)
		print (i == furthest ? "> " : "  ") expected[i]
	print "printed:"
	for (j = 1; j <= printed_lines; j++)
		print "  " printed[j]
	exit 1
}
