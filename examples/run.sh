#!/bin/sh
# SPDX-License-Identifier: MIT
# The hook in an ns-3 simulation: builds examples/ns3_lossy and runs it. Installs the Debian packages
# that are missing.
#
#   sh examples/run.sh [--offline] [options of ns3_lossy]
#     --offline  never install; fail if something is missing
#     --help     the options of ns3_lossy: --loss P, --seed N, --no-handlers, --json
#
# What it prints on the way goes to stderr: stdout has the result alone. build/examples.configure.log and
# build/examples.build.log have all that the two said.
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

install_packages $offline g++ cmake ninja-build libboost-dev libfmt-dev libns3-dev clang libbpf-dev libelf-dev zlib1g-dev binutils >&2

folder=build/examples
mkdir -p $folder
[ -x $folder/examples/ns3_lossy ] || echo "Building ns3_lossy in $folder (once; some minutes) ..." >&2
with_progress $folder.configure.log cmake -S . -B $folder -G Ninja -D CMAKE_BUILD_TYPE=Release \
	-D SOCKOPS_BUILD_TESTS=OFF -D SOCKOPS_BUILD_BENCH=OFF
if missing=$(grep '^--  .*ns3_lossy.*: ' $folder.configure.log); then
	echo "examples/run.sh: ns3_lossy cannot be made here; it is in the line of what is missing:" >&2
	echo "$missing" >&2
	exit 1
fi
with_progress $folder.build.log \
	cmake --build $folder --target ns3_lossy --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}"
exec $folder/examples/ns3_lossy "$@"
