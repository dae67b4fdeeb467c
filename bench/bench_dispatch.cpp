// SPDX-License-Identifier: MIT
// What one dispatch costs: our protection beside none, liburcu, a reader-writer lock and
// Boost.Signals2, which people use for hooks today.
//
//   key_off         nothing attached anywhere
//   empty_call      a call of an empty function in another translation unit
//   bare_loop/N     no protection at all: what the walk over N programs costs
//   tcp_call_bpf/N  the library
//   policy_6_1/N    the library, with 6.x's run policy
//   hdr_opt_flow/N  the header options of one data segment through HDR_OPT_LEN_CB, WRITE_HDR_OPT_CB and
//                   PARSE_HDR_OPT_CB with N programs, of which one stores 4 bytes and one loads them; 0:
//                   no flag set
//   field_read/F    a program's read of field F; none: the loop around it

#include "option_rows.hpp"
#include "rows.hpp"

#include <shared_mutex>

#include <boost/signals2/signal.hpp>

namespace {

using namespace sockops;

struct no_section {
	no_section() noexcept {}
};
struct bare_policy : run_policy_4_19 {
	using section = no_section;
};

std::shared_mutex array_lock;
struct shared_mutex_section {
	shared_mutex_section() { array_lock.lock_shared(); }
	~shared_mutex_section() { array_lock.unlock_shared(); }
};
struct shared_mutex_policy : run_policy_4_19 {
	using section = shared_mutex_section;
};

/// ret &= slot(ctx), for a signal.
struct and_combiner {
	using result_type = u32;
	template <class Iterator>
	u32 operator()(Iterator slot, Iterator end) const {
		u32 acc = 1;
		for (; slot != end; ++slot)
			acc &= *slot;
		return acc;
	}
};
using program_signal = boost::signals2::signal<u32(bpf_sock_ops_kern*), and_combiner>;
program_signal* slots = nullptr;

struct signals2_policy : run_policy_4_19 {};

} // namespace

namespace sockops {
/// The signal takes the array's place; the way to the array is walked all the same. (A slot is a
/// function object that calls the program: two indirect calls, where the other rows have one.)
template <>
inline and_fold run_array<signals2_policy, false>(const cgroup_bpf_effective& array,
												  bpf_sock_ops_kern* ctx) noexcept {
	benchmark::DoNotOptimize(rcu_dereference(array));
	return {(*slots)(ctx)};
}
} // namespace sockops

namespace {

void signals2(benchmark::State& state) {
	program_signal signal;
	slots = &signal;
	for (std::size_t i = 0; i != static_cast<std::size_t>(state.range(0)); ++i)
		signal.connect(
			[prog = &bench::program(i)](bpf_sock_ops_kern* ctx) { return bpf_prog_run(prog, ctx); });
	bench::row<signals2_policy>(state);
}

void key_off(benchmark::State& state) {
	net in;
	cgroup_root root;
	scoped_tcp_sock sk(in, *root);
	bench::call_loop<default_release>(state, &sk);
}

void empty_call(benchmark::State& state) {
	u32 arg = 1;
	sock_common* sk = nullptr;
	for (auto _ : state) {
		benchmark::DoNotOptimize(sk);
		benchmark::DoNotOptimize(arg);
		int reply = bench::empty_call(sk, BPF_SOCK_OPS_RTO_CB, arg, 2, 3);
		benchmark::DoNotOptimize(reply);
	}
}

} // namespace

int main(int argc, char** argv) {
	benchmark::RegisterBenchmark("key_off", key_off);
	benchmark::RegisterBenchmark("empty_call", empty_call);
	bench::register_rows<bare_policy>("bare_loop");
	bench::register_rows<default_release>("tcp_call_bpf");
	if (bench::register_urcu_rows)
		bench::register_urcu_rows();
	bench::register_rows<shared_mutex_policy>("shared_mutex");
	benchmark::RegisterBenchmark("signals2", signals2)->Arg(0)->Arg(1)->Arg(8)->Arg(64);
	bench::register_rows<release_6_18>("policy_6_1");
	bench::register_option_rows();
	benchmark::Initialize(&argc, argv);
	if (benchmark::ReportUnrecognizedArguments(argc, argv))
		return 1;
	benchmark::RunSpecifiedBenchmarks();
}
