#!/bin/sh
# SPDX-License-Identifier: MIT
# check.sh FOLDER ACTION SOCKOPS-RUN TARBALL OBJECT STOPPED OTHERS: the action's script, run by hand, with what it is given
# and what it refuses. OBJECT passes, STOPPED is refused, or stopped, OTHERS has no sock_ops program; FOLDER is for this test alone.
set -eu
folder=$1 script=$2/check.sh tool=$3 tarball=$4
rm -rf "$folder"
mkdir -p "$folder/deep/in it"
cp "$5" "$folder/good.o"
cp "$6" "$folder/deep/in it/bad.o"
cd "$folder"

# expect STATUS REGULAR-EXPRESSION VARIABLE=VALUE…
expect() {
	expected=$1 line=$2
	shift 2
	status=0
	said=$(env "$@" bash "$script" 2>&1) || status=$?
	printf '%s\n' "$said" | grep -q -e "$line" && [ "$status" -eq "$expected" ] && return
	printf '%s\nexit status %s; expected %s and "%s" of %s\n' "$said" "$status" "$expected" "$line" "$*"
	exit 1
}

expect 0 '^1 of 1 passed$' SOCKOPS_OBJECTS='*.o' SOCKOPS_TOOL="$tool"
# As beside a Go program: other kinds of programs, and twins for other machines.
mkdir mixed
cp good.o mixed
cp "$7" mixed/others.o
{ head -c 5 good.o; printf '\002'; tail -c +7 good.o; } >mixed/good_bpfeb.o
expect 0 '^1 of 1 passed$' SOCKOPS_OBJECTS='mixed/*.o' SOCKOPS_TOOL="$tool"
expect 0 '^mixed/others.o is passed over: others.o: no sock_ops program: it has .* in section ' SOCKOPS_OBJECTS='mixed/*.o' \
	SOCKOPS_TOOL="$tool"
expect 0 '^mixed/good_bpfeb.o is passed over: it is for big-endian machines$' SOCKOPS_OBJECTS='mixed/*.o' SOCKOPS_TOOL="$tool"
expect 1 '^::error title=it cannot be loaded::others.o: no sock_ops program' SOCKOPS_OBJECTS='good.o mixed/others.o' \
	SOCKOPS_TOOL="$tool"
expect 1 '::none of mixed/others.o has a sock_ops program for this machine$' SOCKOPS_OBJECTS='mixed/oth*.o' SOCKOPS_TOOL="$tool"
printf 'no object' >mixed/broken.o
expect 1 '^::error title=it cannot be loaded::broken.o: no ELF file' SOCKOPS_OBJECTS='mixed/*.o' SOCKOPS_TOOL="$tool"
rm -r mixed
expect 1 '^1 of 2 failed: deep/in it/bad.o$' SOCKOPS_OBJECTS='**/*.o' SOCKOPS_TOOL="$tool"
expect 1 '^::error title=it cannot be loaded::' SOCKOPS_OBJECTS='deep/**/*.o' SOCKOPS_TOOL="$tool"
expect 1 '^::error title=a program was stopped::' SOCKOPS_OBJECTS='deep/**/*.o' SOCKOPS_OPTIONS=--unchecked SOCKOPS_TOOL="$tool"
expect 0 '^::group::sockops-run good.o@/web good.o@/web/api$' SOCKOPS_OBJECTS='good.o@/web
	good.o@/web/api' SOCKOPS_TOGETHER=true SOCKOPS_TOOL="$tool"
# Nothing is run, so nothing denies.
expect 0 '^1 of 1 passed$' SOCKOPS_OBJECTS=good.o SOCKOPS_CHECK=true SOCKOPS_FAIL_IF=any SOCKOPS_TOOL="$tool"
expect 0 "^taken    good.o: wide in section 'sockops" SOCKOPS_OBJECTS='good.o@/web' SOCKOPS_CHECK=true SOCKOPS_TOOL="$tool"
expect 1 "^::error title=sockops check::with the input 'check' nothing is run" SOCKOPS_OBJECTS='*.o' SOCKOPS_CHECK=true \
	SOCKOPS_TIMELINE=a.timeline SOCKOPS_TOOL="$tool"
expect 1 "^::error title=sockops check::no file is there for 'bpf/\*.o' of the input 'objects', in $PWD$" \
	SOCKOPS_OBJECTS='bpf/*.o' SOCKOPS_TOOL="$tool"
expect 1 "^::error title=sockops check::the input 'objects' names no file" SOCKOPS_OBJECTS= SOCKOPS_TOOL="$tool"
# Text tests, with objects and without.
mkdir -p tests/deep
cat >tests/deep/listens.timeline <<'END'
	object ../../good.o program wide
	+0 server listen
		server: TCP_LISTEN returned 1
END
expect 0 '^1 test passed; seed 1$' SOCKOPS_TESTS=tests SOCKOPS_TOOL="$tool"
expect 0 '^1 of 1 passed$' SOCKOPS_OBJECTS=good.o SOCKOPS_TESTS=tests SOCKOPS_TOOL="$tool"
sed 's/returned 1/returned 0/' tests/deep/listens.timeline >tests/deep/denies.timeline
expect 1 '^::error file=tests/deep/denies.timeline,line=3,title=it is not as the test expects::server: TCP_LISTEN' \
	SOCKOPS_TESTS='tests/**/*.timeline' SOCKOPS_TOOL="$tool"
expect 1 '^1 of 1 passed$' SOCKOPS_OBJECTS=good.o SOCKOPS_TESTS=tests SOCKOPS_JUNIT=out.xml SOCKOPS_TOOL="$tool"
grep -q '<testcase name="denies" ' out.xml
expect 1 "^::error title=sockops check::no file or folder is there for 'text/\*' of the input 'tests', in $PWD$" \
	SOCKOPS_TESTS='text/*' SOCKOPS_TOOL="$tool"
rm -r tests out.xml
expect 1 "^::error title=sockops check::'./nowhere' is no sockops-run" SOCKOPS_OBJECTS=good.o SOCKOPS_TOOL=./nowhere
expect 1 'no global variable.*greet ing' SOCKOPS_OBJECTS=good.o SOCKOPS_OPTIONS="--side client --set 'greet ing=\$(exit 9)'" \
	SOCKOPS_TOOL="$tool"
expect 1 "^::error title=sockops check::the input 'options' has quotes that do not match" SOCKOPS_OBJECTS=good.o \
	SOCKOPS_OPTIONS="--set 'a" SOCKOPS_TOOL="$tool"
expect 1 "^::error title=sockops check::sockops-run good.o --annotations --frobnicate: exit status 2" SOCKOPS_OBJECTS=good.o \
	SOCKOPS_OPTIONS=--frobnicate SOCKOPS_TOOL="$tool"

expect 0 '^static$' SOCKOPS_OBJECTS=good.o SOCKOPS_URL="file://$tarball"
expect 1 '^::error title=sockops check::.* has the sha256 sum [0-9a-f]*, and not 00ff$' SOCKOPS_OBJECTS=good.o \
	SOCKOPS_URL="file://$tarball" SOCKOPS_SHA256=00ff
cp "$tarball" tarball
sha256sum tarball | cut -d ' ' -f 1 | tr -d '\n' >tarball.sha256
expect 0 '^static$' SOCKOPS_OBJECTS=good.o SOCKOPS_URL="file://$PWD/tarball"
: >tarball.sha256
expect 1 "^::error title=sockops check::.*/tarball.sha256 is empty" SOCKOPS_OBJECTS=good.o SOCKOPS_URL="file://$PWD/tarball"
expect 1 "^::error title=sockops check::file:///nowhere.tar.gz cannot be fetched" SOCKOPS_OBJECTS=good.o \
	SOCKOPS_URL=file:///nowhere.tar.gz
expect 1 "^::error title=sockops check::it is not known which release to take" SOCKOPS_OBJECTS=good.o GITHUB_REPOSITORY=
mkdir bin
printf '#!/bin/sh\necho Linux riscv64\n' >bin/uname
chmod +x bin/uname
expect 1 "^::error title=sockops check::no release has a sockops-run for Linux riscv64; the inputs" SOCKOPS_OBJECTS=good.o \
	PATH="$PWD/bin:$PATH"
expect 0 '^static$' SOCKOPS_OBJECTS=good.o SOCKOPS_URL="file://$tarball" PATH="$PWD/bin:$PATH"

# Without these inputs it takes the release of the sources that it is of, from the repository that they are of.
there='/releases/download/v\([0-9.]*\)/sockops-run-\1-x86_64-linux.tar.gz cannot be fetched'
expect 1 "::file:///nowhere/me/mine$there" SOCKOPS_OBJECTS=good.o GITHUB_SERVER_URL=file:///nowhere GITHUB_REPOSITORY=me/mine
expect 1 "::file:///nowhere/me/mine/releases/download/v7.8.9/sockops-run-7.8.9-" SOCKOPS_OBJECTS=good.o \
	GITHUB_SERVER_URL=file:///nowhere GITHUB_REPOSITORY=me/mine SOCKOPS_VERSION=v7.8.9
root=${script%/.github/*} copy=$PWD/_actions/owner/name/v0
mkdir -p "$copy/.github/actions/check" "$copy/include/sockops"
cp "$script" "$copy/.github/actions/check"
cp "$root/include/sockops/version.hpp" "$copy/include/sockops"
script=$copy/.github/actions/check/check.sh
expect 1 "::file:///nowhere/owner/name$there" SOCKOPS_OBJECTS=good.o GITHUB_SERVER_URL=file:///nowhere GITHUB_REPOSITORY=me/mine
