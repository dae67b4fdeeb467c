// SPDX-License-Identifier: MIT
// Loading: libbpf reads the file, relocates it and asks bpf(2), which this library answers. What that answer
// takes is measured inside it, what remains is libbpf's. Unchecked: without looking for what a kernel
// refuses.

#include <benchmark/benchmark.h>

#include <sockops/object/bpf_object.hpp>

#include "bpf_rows.hpp"

namespace bench {

namespace {

using namespace sockops;

/// Reports one of the two parts of a load as the row's time.
void load(benchmark::State& state, bool own_part, bool unchecked) {
	for (auto _ : state) {
		const bpf_object object =
			bpf_object::load_file(BENCH_OBJECTS "/bench_thousand.bpf.o", {.unchecked = unchecked});
		const load_time took = object.took();
		state.SetIterationTime((own_part ? took.handler : took.whole - took.handler).count() * 1e-9);
	}
}

} // namespace

void register_load_rows() {
	benchmark::RegisterBenchmark("load/inside_bpf", load, true, false)->UseManualTime();
	benchmark::RegisterBenchmark("load/inside_bpf_unchecked", load, true, true)->UseManualTime();
	benchmark::RegisterBenchmark("load/libbpf", load, false, false)->UseManualTime();
}

} // namespace bench
