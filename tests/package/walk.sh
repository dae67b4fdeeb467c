#!/bin/sh
# SPDX-License-Identifier: MIT
# The walk of a newcomer: a bare Debian 12, this checkout, and what the pages say. Prints each command with the seconds it
# took, how many there were, and how long all of them took without downloads. Needs root, debootstrap and the network.
#
#   sh tests/package/walk.sh [FOLDER [WAY…]]
#     FOLDER   for the bare systems; default: one that is made and removed
#     WAY      stack, program, ns3, measure; default: all
set -eu
cd "$(dirname "$0")/../.."
source=$PWD
folder=${1:-}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- stack program ns3 measure
for need in debootstrap chroot git; do
	if ! command -v $need >/dev/null || [ "$(id -u)" -ne 0 ]; then
		echo "SKIPPED: needs root, debootstrap, chroot and git; $need or root is missing"
		exit 0
	fi
done
git -C "$source" rev-parse --verify --quiet HEAD >/dev/null || {
	echo "SKIPPED: $source is no checkout of git"
	exit 0
}
remove=
if [ -z "$folder" ]; then
	folder=$(mktemp -d)
	remove=$folder
fi
mkdir -p "$folder"
# Whatever ends the walk, no /proc stays mounted, and none is removed.
root=
leave() {
	[ -z "$root" ] || umount "$root/proc" 2>/dev/null || :
	[ -z "$remove" ] || rm -rf --one-file-system "$remove"
}
trap leave EXIT
trap 'exit 1' HUP INT TERM
if [ ! -d "$folder/bare" ]; then
	debootstrap --variant=minbase bookworm "$folder/bare.new" >"$folder/debootstrap.log" 2>&1 || {
		echo "SKIPPED: no bare Debian ($(tail -n 1 "$folder/debootstrap.log"))"
		exit 0
	}
	mv "$folder/bare.new" "$folder/bare"
fi

# block PAGE WORDS: the first block of the page that has the words.
block() {
	awk -v words="$2" '
		/^```/ { if (inside && index(text, words)) { printf "%s", text; exit }
		         inside = !inside; text = ""; next }
		inside { text = text $0 "\n" }' "$source/$1" | grep . || {
		echo "walk.sh: $1 has no block with '$2'" >&2
		exit 1
	}
}

# begin WAY: a new bare system with the checkout in /sockops.
begin() {
	way=$1
	commands=0
	spent=0
	root=$folder/$way
	umount "$root/proc" 2>/dev/null || : # of a walk that was killed
	rm -rf --one-file-system "$root"
	cp -a "$folder/bare" "$root"
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	mkdir "$root/sockops"
	git -C "$source" archive HEAD | tar -x -C "$root/sockops"
	chroot "$root" sh -c 'echo nproc > /dev/null; [ -c /dev/null ] || mknod -m 666 /dev/null c 1 3'
	mount -t proc proc "$root/proc"
	echo "== $way"
}

# types COMMAND: as the newcomer does, in the checkout.
types() {
	commands=$((commands + 1))
	began=$(date +%s)
	chroot "$root" env -i HOME=/root PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C.UTF-8 \
		sh -c "cd /sockops && ${environment:-true} && $1" >"$root/output" 2>&1 || {
		cat "$root/output"
		echo "walk.sh: $way: this failed: $1"
		exit 1
	}
	took=$(($(date +%s) - began))
	printf '%5d s  $ %s\n' "$took" "$1"
	spent=$((spent + took))
}

# installs LINE…: packages by the README's lines for them, in one command. Most of its time is the network's: not counted.
installs() {
	packages=
	for line; do
		packages="$packages $(sed -n "s/^apt-get install \([^#]*\)# $line.*/\1/p" README.md)"
	done
	counted=$spent
	types "apt-get update -qq && apt-get install --yes -qq $(echo $packages)"
	spent=$counted
}

# sees WORDS: the last command printed them.
sees() {
	grep -qF -- "$1" "$root/output" || {
		cat "$root/output"
		echo "walk.sh: $way: not seen: $1"
		exit 1
	}
	grep -hF -- "$1" "$root/output" | head -n 1 | sed 's/^/           /'
}

ends() {
	umount "$root/proc"
	rm -rf --one-file-system "$root"
	root=
	printf '%s: %d commands, %d:%02d minutes without downloads\n' "$way" $commands $((spent / 60)) $((spent % 60))
	[ $commands -le 5 ] && [ $spent -le 600 ] || {
		echo "walk.sh: $way takes more than 5 commands or 10 minutes"
		exit 1
	}
}

stack() {
	begin stack
	types "$(sed -n 's/^With nothing but.*`\(apt-get install [^`]*\)`.*/\1/p' README.md | sed 's/install/update -qq \&\& apt-get install --yes -qq/')"
	spent=0
	block README.md '// hello.cpp' >"$root/sockops/hello.cpp"
	types "$(block README.md 'src.hpp' | sed '1!s/^/ \&\& /' | tr -d '\n')"
	sees 'SYN again after 50 jiffies'
	block include/sockops/hook/README.md '// stack.cpp' >"$root/sockops/stack.cpp"
	types 'g++ -std=c++20 -Iinclude stack.cpp sockops.cpp -o stack && ./stack'
	sees 'a window of 40 packets'
	ends
}

# What the README's own lines build and install, and where they say that it is.
builds() {
	block README.md 'cmake --build build' >"$folder/lines"
	types "$(sed -n 1p "$folder/lines")"
	types "$(sed -n 2p "$folder/lines")"
	environment=$(sed -n '3{/^export /p}' "$folder/lines")
}

program() {
	page=include/sockops/object/README.md
	begin program
	installs 'the core' 'object files' 'matchers'
	builds
	environment="$environment && $(block $page 'export PATH' | sed -n '/^export /p')"
	block $page '// observer.bpf.c' >"$root/sockops/observer.bpf.c"
	block $page '// observer_test.cpp' >"$root/sockops/observer_test.cpp"
	types "$(block $page 'clang -O2' | sed -n 's/^\$ \(clang.*\)/\1/p') && $(block $page 'clang -O2' | sed -n 's/^\$ \(sockops-run.*\)/\1/p')"
	sees 'observer returned 0: the reply 25 of tune is discarded'
	mkdir "$root/sockops/try"
	block $page 'project(observer' >"$root/sockops/try/CMakeLists.txt"
	mv "$root/sockops/observer.bpf.c" "$root/sockops/observer_test.cpp" "$root/sockops/try"
	types 'cmake -S try -B try/build -G Ninja && cmake --build try/build && ! try/build/observer_test'
	sees 'observer returned 0: the reply 25 of tune is discarded'
	ends
}

ns3() {
	page=include/sockops/ns3/README.md
	begin ns3
	installs 'the core' 'matchers'
	builds
	mkdir "$root/sockops/try"
	block $page '// hooked.cpp' >"$root/sockops/try/hooked.cpp"
	block $page 'project(hooked' >"$root/sockops/try/CMakeLists.txt"
	types 'cmake -S try -B try/build -G Ninja && cmake --build try/build && try/build/hooked'
	sees 'the SYN again in 200 ms'
	ends
}

measure() {
	begin measure
	block bench/README.md 'apt-get install' >"$folder/lines"
	types "apt-get update -qq && $(sed -n '1s/install/install --yes -qq/p' "$folder/lines")"
	spent=0
	types "$(sed -n 2p "$folder/lines")"
	types "$(sed -n 3p "$folder/lines")"
	types 'sh bench/compare.sh build/bench/bench_dispatch'
	sees 'bare'
	cat "$root/output"
	ends
}

for each; do
	environment=
	$each
done
