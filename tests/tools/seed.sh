#!/bin/sh
# SPDX-License-Identifier: MIT
# seed.sh SOCKOPS-RUN OBJECT: a run prints its seed; the same seed gives the same run, also one that was drawn, and
# another one gives others of the bytes that OBJECT did not write, in the keys of a map.
set -eu
tool=$1 object=$2

run() { "$tool" "$object" --json --maps "$@" || [ $? -eq 1 ]; }
seed_of() { printf '%s\n' "$1" | sed -n '1s/.*"seed":\([0-9]*\).*/\1/p'; }

drawn=$(run --seed random)
seed=$(seed_of "$drawn")
[ -n "$seed" ] && [ "$(run --seed "$seed")" = "$drawn" ] || { echo "the run of seed '$seed' is not repeated"; exit 1; }
default=$(run)
[ "$(seed_of "$default")" = 1 ] && [ "$(run --seed 1)" = "$default" ] || { echo "the default is not seed 1"; exit 1; }
[ "$(run --seed 2 | tail -n +2)" != "$(printf '%s\n' "$default" | tail -n +2)" ] || { echo "seed 2 is no other"; exit 1; }
"$tool" "$object" --seed 77 --keep-going | head -n 1 | grep -q ', seed 77$'
