#!/bin/sh
# SPDX-License-Identifier: MIT
# All tests: Release (g++), AddressSanitizer and UBSan (clang++), and the concurrent ones under
# ThreadSanitizer (g++). Installs the Debian packages that are missing.
#
#   sh tests/run.sh [--quick] [--all] [--offline]
#     --quick    Release only, without the benchmarks, without each public header alone, and without
#                tests that only compile something
#     --all      also what the others leave out: consumers of packages that build the library anew,
#                fuzzers, and the long form of the random comparisons, with a fresh seed, which they
#                print
#     --offline  never install; fail if something is missing
set -eu
cd "$(dirname "$0")/.."
. cmake/install-packages.sh
. tests/steps.sh

quick=false
all=false
offline=false
for argument; do
	case $argument in
	--quick) quick=true ;;
	--all) all=true ;;
	--offline) offline=true ;;
	-h | --help)
		sed -n '3,12s/^# \{0,1\}//p' "$0"
		exit 0
		;;
	*)
		echo "tests/run.sh: unknown option '$argument'; it takes --quick, --all, --offline and --help" >&2
		exit 2
		;;
	esac
done

packages="g++ cmake ninja-build pkg-config libboost-dev libfmt-dev libgtest-dev libgmock-dev libbenchmark-dev liburcu-dev libns3-dev libjansson-dev clang libbpf-dev libelf-dev libdw-dev zlib1g-dev binutils"
$quick || packages="$packages libclang-rt-14-dev doxygen python3 python3-yaml python3-jsonschema mandoc"
# shellcheck disable=SC2086
install_packages $offline $packages

export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}"
fuzzers=OFF
if $all; then
	export SOCKOPS_ALL=1
	fuzzers=ON
fi

# configuration PRESET [OPTION OF CMAKE…]: builds and tests one preset.
configuration() {
	preset=$1
	shift
	step "$preset: configure" quiet "build/$preset.log" cmake --preset "$preset" "$@"
	sed -n '/ is made without:$/,/^-- Configuring/{/^-- Configuring/!p}' "build/$preset.log"
	step "$preset: build" cmake --build --preset "$preset"
	if $all && [ "$preset" = release ]; then
		run_tests "$preset" --label-exclude '^$' # in place of the preset's: none is left out
	elif $quick; then
		run_tests "$preset" --label-exclude '^(all-only|compiles)$'
	else
		run_tests "$preset"
	fi
}

mkdir -p build
if $quick; then
	configuration release -D SOCKOPS_BUILD_BENCH=OFF
else
	configuration release
	step "release: each public header compiles alone" cmake --build build/release --target all_verify_interface_header_sets
	configuration asan-ubsan -D SOCKOPS_BUILD_FUZZERS=$fuzzers
	configuration tsan
fi
summary
