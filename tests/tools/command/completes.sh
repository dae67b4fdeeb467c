#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# completes.sh SOCKOPS-RUN COMPLETION FOLDER: what is offered for the last of some words, in a folder that has tune.bpf.o.
set -u
tool=$1
# shellcheck source=/dev/null
. "$2" || exit 1
cd "$3" || exit 1

wrong=0
# offers EXPECTED WORD…
offers() {
	local expected=$1
	shift
	COMP_WORDS=("$tool" "$@") COMP_CWORD=$# COMPREPLY=()
	_sockops_run
	[ "${COMPREPLY[*]-}" = "$expected" ] && return
	echo "for '$*' it offers '${COMPREPLY[*]-}', and not '$expected'"
	wrong=1
}

offers "tune.bpf.c tune.bpf.o" tune.
offers "client" tune.bpf.o --side cl
offers "both client server" --side ""
offers "--keep --keep-going" --kee
offers "denied discarded_reply dropped_options" --fail-if d
offers "denied discarded_reply dropped_options" --fail-if = d
offers "both client server" --side =
offers "" --set net =
offers "vegas veno" --congestion ve
offers "tune" tune.bpf.o --prog ""
offers "closed[ conns[" tune.bpf.o --map c
offers "closed_for_btf= mask= net=" tune.bpf.o --set ""
offers "tune.bpf.c tune.bpf.o" --timeline tune.b
offers "/client" tune.bpf.o @ /c
offers "" --client 10
offers "" --prog ""
offers "" nothing_of_that_name
exit $wrong
