#!/bin/sh
# SPDX-License-Identifier: MIT
# The Debian packages of a build, on a bare Debian 12: installed, used, removed.
#
#   sh tests/package/deb.sh BUILD
#
# makes them (cpack -G DEB), makes a Debian with debootstrap in a folder of its own, in which nothing of this machine is
# mounted, and there: installs both packages; compiles the first program of README.md by pkg-config and by
# find_package(), and runs it; runs sockops-run; removes the packages, and compares what is left with what was there
# before. Needs root, debootstrap, dpkg-dev and a mirror ($DEBIAN_MIRROR); without one of them it ends with status 77. It
# takes some minutes.
set -eu
[ $# -eq 1 ] || {
	echo "usage: sh tests/package/deb.sh BUILD" >&2
	exit 2
}
build=$(cd "$1" && pwd)
source=$(cd "$(dirname "$0")/../.." && pwd)
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}

skip() {
	echo "SKIPPED: $*"
	exit 77
}
[ "$(id -u)" -eq 0 ] || skip "not root, which chroot and debootstrap need"
for tool in debootstrap:debootstrap dpkg-shlibdeps:dpkg-dev file:file; do
	command -v "${tool%:*}" >/dev/null || skip "${tool%:*} is not installed (Debian: ${tool#*:})"
done

work=$(mktemp -d)
root=$work/root
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# quiet COMMAND…: what it prints is seen only if it fails.
quiet() {
	"$@" >"$work/log" 2>&1 || {
		cat "$work/log"
		echo "deb.sh: this failed: $*"
		exit 1
	}
}
# there COMMAND…: in the bare Debian.
there() {
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		${http_proxy:+http_proxy="$http_proxy"} "$@"
}
apt() {
	quiet there apt-get --yes -o APT::Install-Recommends=false "$@"
}
# state FILE: packages, and files but logs, caches and what dpkg knows.
state() {
	there dpkg-query --show --showformat='${Package} ${Status}\n' >"$1"
	(cd "$root" && find . -xdev \( -path ./var/log -o -path ./var/cache -o -path ./var/lib/apt -o -path ./var/lib/dpkg \
		-o -path ./tmp -o -path ./root \) -prune -o -print) | LC_ALL=C sort >>"$1"
}

(cd "$build" && quiet cpack -G DEB -B "$work/packages")
debootstrap --variant=minbase bookworm "$root" "$mirror" >"$work/log" 2>&1 || {
	grep -q "Failed getting release file\|Couldn't download\|unable to resolve" "$work/log" &&
		skip "no bookworm from $mirror: $(tail -n 1 "$work/log")"
	tail -n 20 "$work/log"
	exit 1
}
apt install g++ cmake make pkg-config
state "$work/before"

mkdir "$root/root/packages" "$root/root/program"
cp "$work"/packages/*.deb "$root/root/packages"
cp "$source/examples/program_test/tune.bpf.o" "$root/root"
for package in "$work"/packages/*.deb; do
	echo "$(basename "$package"): $(($(stat -c %s "$package") / 1024)) KiB; $(dpkg-deb --field "$package" Depends)"
done
# shellcheck disable=SC2046
apt install $(cd "$root" && for package in root/packages/*.deb; do echo "/$package"; done)

# README.md's first program, and what it prints.
awk '/^```cpp/ && !done {inside = 1; next} /^```/ && inside {inside = 0; done = 1} inside' \
	"$source/README.md" >"$root/root/program/main.cpp"
awk '/^```cpp/ {program = 1} program && /^```/ {++fences; next} fences == 3' "$source/README.md" >"$work/expected"
[ -s "$root/root/program/main.cpp" ] && [ -s "$work/expected" ] || {
	echo "deb.sh: README.md has no first program with an output"
	exit 1
}
cat >"$root/root/program/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.23)
project(program CXX)
find_package(sockops REQUIRED COMPONENTS testing bpf)
add_executable(program main.cpp)
target_link_libraries(program PRIVATE sockops::sockops)
END
quiet there sh -c 'cd /root/program && g++ -std=c++20 main.cpp $(pkg-config --cflags --libs sockops) -o by_pkg_config'
quiet there sh -c 'cd /root/program && cmake -B build && cmake --build build'
for program in by_pkg_config build/program; do
	there /root/program/$program >"$work/printed"
	diff "$work/expected" "$work/printed" || {
		echo "deb.sh: $program does not print what README.md says"
		exit 1
	}
	echo "$program prints what README.md says"
done
for tool in sockops-run sockops-exec; do
	quiet there $tool --help
	there $tool --version
	[ -s "$root/usr/share/man/man1/$tool.1" ] || {
		echo "deb.sh: $tool has no man page"
		exit 1
	}
done
there sockops-run /root/tune.bpf.o >"$work/printed" || {
	cat "$work/printed"
	echo "deb.sh: sockops-run failed"
	exit 1
}
grep -q ACTIVE_ESTABLISHED "$work/printed" || {
	cat "$work/printed"
	echo "deb.sh: sockops-run played nothing"
	exit 1
}
echo "sockops-run plays an object"

# shellcheck disable=SC2046
apt purge $(for package in "$work"/packages/*.deb; do dpkg-deb --field "$package" Package; done)
apt autoremove --purge
state "$work/after"
diff "$work/before" "$work/after" || {
	echo "deb.sh: this is left of the packages, or gone with them"
	exit 1
}
echo "nothing is left of the packages"
