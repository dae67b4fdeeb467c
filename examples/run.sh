#!/bin/sh
# SPDX-License-Identifier: MIT
# The hook in an ns-3 simulation: builds examples/ns3_lossy and runs it. Installs the Debian packages
# that are missing.
#
#   sh examples/run.sh [--offline] [options of ns3_lossy]
#     --offline  never install; fail if something is missing
#     --help     the options of ns3_lossy: --loss P, --seed N, --no-handlers, --json
#
# What it prints on the way goes to stderr: stdout has the result alone.
set -eu
cd "$(dirname "$0")/.."
. cmake/install-packages.sh

offline=false
count=$#
while [ "$count" -gt 0 ]; do # takes --offline out, and keeps the others as they are
	argument=$1
	shift
	case $argument in
	--offline) offline=true ;;
	*) set -- "$@" "$argument" ;;
	esac
	count=$((count - 1))
done

install_packages $offline g++ cmake ninja-build pkg-config libboost-dev libfmt-dev libns3-dev clang libbpf-dev libelf-dev zlib1g-dev binutils >&2

folder=build/examples
mkdir -p $folder
quietly() {
	"$@" >$folder.log 2>&1 || {
		cat $folder.log >&2
		echo "examples/run.sh: this failed: $*" >&2
		exit 1
	}
}

[ -x $folder/examples/ns3_lossy ] || echo "Building ns3_lossy in $folder (once; about a minute) ..." >&2
quietly cmake -S . -B $folder -G Ninja -D CMAKE_BUILD_TYPE=Release \
	-D SOCKOPS_BUILD_TESTS=OFF -D SOCKOPS_BUILD_BENCH=OFF
quietly cmake --build $folder --target ns3_lossy --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}"
exec $folder/examples/ns3_lossy "$@"
