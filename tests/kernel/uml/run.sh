#!/bin/sh
# SPDX-License-Identifier: MIT
# BASE_RTT_CB has one caller, tcp_nv, which stock kernels are built without. Debian's user-mode-linux
# (6.1) has it as a module: this boots it, as an ordinary user, and prints the calls of the hook, each
# as op/state. By hand: sh tests/kernel/uml/run.sh (needs user-mode-linux, clang, gcc, libbpf-dev).
# What it printed is what tests/traps/base_rtt_test.cpp expects.
set -eu
cd "$(dirname "$0")"
uml=${UML:-$(command -v linux.uml || command -v linux)}
module=${TCP_NV:-$(find /usr/lib/uml/modules -name tcp_nv.ko | head -n 1)}
work=$(mktemp -d "$HOME/sockops-uml.XXXXXX") # the guest has a /tmp of its own
trap 'rm -rf "$work"' EXIT
clang -target bpf -O2 -g -I"/usr/include/$(gcc -print-multiarch)" -c base_rtt.bpf.c -o "$work/base_rtt.bpf.o"
gcc -O1 -Wall -Wextra base_rtt.c -o "$work/init" -lbpf
cp "$module" "$work/tcp_nv.ko"
"$uml" mem=128M rootfstype=hostfs rootflags=/ ro quiet con=null con0=fd:0,fd:1 \
	init="$work/init" TCP_NV="$work/tcp_nv.ko" BPF_OBJECT="$work/base_rtt.bpf.o" </dev/null 2>&1 |
	grep -a '^RESULT' | sed 's/^RESULT //'
