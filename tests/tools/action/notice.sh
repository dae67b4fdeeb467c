#!/bin/sh
# SPDX-License-Identifier: MIT
# notice.sh TARBALL: its NOTICE names each library that is in the program, with a file of its terms; the texts of the LGPL
# and the GPL that it names are there; and so are man page, completion, the page about timelines, the
# schema of --json and this project's licence.
set -eu
files=$(tar -tzf "$1" | sed 's|^[^/]*/||')
notice=$(tar -xzOf "$1" --wildcards '*/share/doc/sockops-run/NOTICE')
has() {
	printf '%s\n' "$files" | grep -qx "$1" || {
		echo "$1 is not in the tarball"
		exit 1
	}
}
has bin/sockops-run
has share/man/man1/sockops-run.1
has share/bash-completion/completions/sockops-run
has share/doc/sockops-run/LICENSE
has share/doc/sockops-run/FORMAT.md
has share/doc/sockops-run/sockops-run.schema.json
for licence in LGPL-2.1 LGPL-3 GPL-3; do
	has "share/doc/sockops-run/licenses/$licence"
done
for library in libbpf-dev libelf-dev zlib1g-dev libc6-dev 'libgcc-[0-9]*-dev' 'libstdc++-[0-9]*-dev'; do
	has "share/doc/sockops-run/licenses/$library"
	printf '%s\n' "$notice" | grep -q "^  $library (Debian's [a-z0-9-]* [0-9]" || {
		echo "NOTICE does not name $library"
		exit 1
	}
done
printf '%s\n' "$notice" | grep -q 'apt-get source .*glibc=[0-9].*' || {
	echo "NOTICE does not say where the sources are"
	exit 1
}
