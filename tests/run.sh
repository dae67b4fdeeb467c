#!/bin/sh
# SPDX-License-Identifier: MIT
# All tests: Release (g++), AddressSanitizer and UBSan (clang++), and the concurrent ones under
# ThreadSanitizer (g++). Installs the Debian packages that are missing.
#
#   sh tests/run.sh [--quick] [--all] [--offline]
#     --quick    Release only
#     --all      random comparisons with a fresh seed, which they print, and more of them
#     --offline  never install; fail if something is missing
set -eu
cd "$(dirname "$0")/.."
. cmake/install-packages.sh

quick=false
offline=false
for argument; do
	case $argument in
	--quick) quick=true ;;
	--all) export SOCKOPS_ALL=1 ;;
	--offline) offline=true ;;
	-h | --help)
		sed -n '3,9s/^# \{0,1\}//p' "$0"
		exit 0
		;;
	*)
		echo "tests/run.sh: unknown option '$argument'; it takes --quick, --all, --offline and --help" >&2
		exit 2
		;;
	esac
done

packages="g++ cmake ninja-build pkg-config libboost-dev libfmt-dev libgtest-dev libgmock-dev libbenchmark-dev liburcu-dev libns3-dev libjansson-dev clang libbpf-dev libelf-dev zlib1g-dev binutils"
$quick || packages="$packages libclang-rt-14-dev"
# shellcheck disable=SC2086
install_packages $offline $packages

export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}"
status=0

# configuration PRESET [TARGET]: builds and tests one preset; the run goes on if tests fail.
configuration() {
	echo "== $1"
	cmake --preset "$1" >"build/$1.log" 2>&1 || { cat "build/$1.log"; exit 1; }
	cmake --build --preset "$1"
	[ $# -eq 1 ] || cmake --build "build/$1" --target "$2"
	ctest --preset "$1" --parallel "$CMAKE_BUILD_PARALLEL_LEVEL" || status=1
}

mkdir -p build
configuration release all_verify_interface_header_sets # every public header compiles alone
if ! $quick; then
	configuration asan-ubsan
	configuration tsan
fi
exit $status
