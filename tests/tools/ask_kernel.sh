#!/bin/sh
# SPDX-License-Identifier: MIT
# ask_kernel.sh SOCKOPS-RUN OBJECTS SCRATCH: what this machine's kernel says stands beside what is said here.
tool=$1 objects=$2 log=$3/ask_kernel.log out=$3/ask_kernel.txt
"$tool" --check "$objects/file_conns.bpf.o" --ask-kernel >"$out" 2>&1
if grep -qE "this machine's kernel (lets only|takes no)" "$out"; then
	echo "skipped: this machine's kernel may not be asked" | cat - "$out"
	exit 0
fi

wrong=0
# has STATUS PATTERN ARGUMENT…: it ends with that exit status and prints a line like that.
has() {
	expected=$1 pattern=$2
	shift 2
	"$tool" "$@" >"$out" 2>&1
	status=$?
	[ $status -eq "$expected" ] && tr '\n' ' ' <"$out" | sed 's/  */ /g' | grep -qE -e "$pattern" && return
	echo "$*: exit status $status, not $expected, or nothing like '$pattern':"
	cat "$out"
	wrong=1
}

verdicts=$objects/file_verdicts.bpf.o
has 0 "taken [^ ]*file_conns.bpf.o: tune in section 'sockops' Linux [0-9.]+[^ ]* takes it, too: [0-9]+ instructions" \
	--check "$objects/file_conns.bpf.o" --ask-kernel
has 1 "Linux [^ ]+ refuses it, too: invalid bpf_context access.* .verdicts.bpf.c:[0-9]+, " \
	--check "$verdicts" --ask-kernel --kernel-log "$log"
grep -q '^==> file_verdicts.bpf.o: returns_two <==$' "$log" || { echo "no log of returns_two"; wrong=1; }
has 1 "this library has not what the program asks for; a kernel may take it Linux [^ ]+ takes what is refused here" \
	--check "$verdicts" --prog filters --ask-kernel
has 1 '"refused":null,"not_looked_at":.*"kernel":\{"program":"counts","taken":true,"errno":0,"text":null,.*"looked_at":[1-9]' \
	--check "$verdicts" --prog counts --prog returns_two --ask-kernel --json
has 0 "note: [^:]*tune: Linux [^ ]+ takes it, too|tune: Linux [^ ]+ takes it, too" "$objects/file_conns.bpf.o" --ask-kernel
has 1 "refused_for_a_long_name: Linux [^ ]+ refuses it: .*sockops-run: file_refused.bpf.o: section 'sockops': refused" \
	"$objects/file_refused.bpf.o" --ask-kernel
has 1 "kernel-log .*it cannot be written" --check "$verdicts" --ask-kernel --kernel-log /nowhere/log
exit $wrong
