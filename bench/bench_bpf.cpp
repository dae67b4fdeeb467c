// SPDX-License-Identifier: MIT
// What running an object costs: the same C source interpreted and compiled for this machine, both behind the
// same dispatch; loading an object; and looking something up in a map.
//
//   interpret/<program>, native/<program>   one call of the hook with that program attached (ns)
//   load/…                                  a program of 1,000 instructions, from the file to the attached
//   program map_lookup/<type>                       one lookup that finds its key, of 1,024

#include <benchmark/benchmark.h>

#include <sockops/native/native_object.hpp>
#include <sockops/sockops.hpp>
#include <sockops/vm/fault.hpp>

#include "bpf_rows.hpp"

namespace bench {

namespace {

using namespace sockops;

/// A program and the call that is measured: one that makes it do its usual work.
struct program_row {
	const char* name;
	bpf_sock_ops_op op;
	u32 args[3];
};

constexpr program_row rows[] = {
	{"init_replies", BPF_SOCK_OPS_TIMEOUT_INIT, {}},
	{"op_counts", BPF_SOCK_OPS_RTT_CB, {20'000, 160'000, 0}},
	{"conn_stats", BPF_SOCK_OPS_RETRANS_CB, {1, 1, 0}},
	{"rtt_histogram", BPF_SOCK_OPS_RTT_CB, {20'000, 160'000, 0}},
	{"tail_calls", BPF_SOCK_OPS_STATE_CB, {TCP_ESTABLISHED, TCP_FIN_WAIT1, 0}},
	{"tune", BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, {}},
};

/// A connected socket with the program attached, and its handshake behind it.
class connection {
  public:
	explicit connection(const bpf_prog_ptr& prog) : prog_(prog), link_(*root_, prog) {
		sk_.skc_state = TCP_ESTABLISHED;
		sk_.skc_num = 40'000;
		sk_.skc_dport = cpu_to_be16(80);
		sk_.skc_daddr = sk_.skc_rcv_saddr = cpu_to_be32(0x7f000001);
		(void)tcp_call_bpf(&sk_, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, 0, nullptr);
	}
	void measure(benchmark::State& state, const program_row& row) {
		for (auto _ : state) {
			int reply = tcp_call_bpf_3arg(&sk_, row.op, row.args[0], row.args[1], row.args[2]);
			benchmark::DoNotOptimize(reply);
		}
		if (bpf_prog_faults(*prog_.get()) != 0)
			state.SkipWithError(bpf_prog_last_fault(*prog_.get()).c_str());
	}

  private:
	const bpf_prog_ptr prog_;
	net in_;
	cgroup_root root_;
	scoped_tcp_sock sk_{in_, *root_};
	bpf_link link_;
};

void interpret(benchmark::State& state, const program_row& row) {
	const bpf_object object =
		bpf_object::load_file(std::string(BENCH_OBJECTS "/bench_") + row.name + ".bpf.o");
	connection(object.prog(row.name)).measure(state, row);
}

void native(benchmark::State& state, const program_row& row) {
	const native_object object = native_object::load(std::string("bench_") + row.name);
	connection(object.prog(row.name)).measure(state, row);
}

void register_programs() {
	for (const program_row& row : rows) {
		benchmark::RegisterBenchmark((std::string("interpret/") + row.name).c_str(), interpret, row);
		benchmark::RegisterBenchmark((std::string("native/") + row.name).c_str(), native, row);
	}
}

} // namespace

} // namespace bench

int main(int argc, char** argv) {
	bench::register_programs();
	bench::register_load_rows();
	bench::register_map_rows();
	benchmark::Initialize(&argc, argv);
	if (benchmark::ReportUnrecognizedArguments(argc, argv))
		return 2;
	benchmark::RunSpecifiedBenchmarks();
}
