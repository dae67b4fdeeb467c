// SPDX-License-Identifier: MIT
// One benchmark row: N programs behind tcp_call_bpf_3arg() under a run policy.
//
// All rows share the library's own front, inlined into the loop: the key, the context zeroed and
// filled with three arguments, the socket tests, socket to cgroup to array, the fold, the reply.
// A row's policy says what protects the walk over the array; nothing else differs.
#pragma once

#include <memory>

#include <benchmark/benchmark.h>

#include <sockops/sockops.hpp>

#include "programs.hpp"

namespace bench {

/// A socket in a cgroup with N programs. Another cgroup has one, so that the key is on for N = 0.
class fixture {
  public:
	explicit fixture(std::size_t programs)
		: here_(*sockops::cgroup_mkdir(*root_, "here")), there_(*sockops::cgroup_mkdir(*root_, "there")),
		  sk_(std::make_unique<sockops::scoped_tcp_sock>(net_, here_)) {
		attach(there_, 0);
		for (std::size_t i = 0; i != programs; ++i)
			attach(here_, i);
		sk_->skc_state = sockops::TCP_ESTABLISHED;
	}
	sockops::tcp_sock* socket() { return sk_.get(); }

  private:
	static void attach(sockops::cgroup& to, std::size_t i) {
		sockops::bpf_prog& prog = program(i);
		sockops::bpf_prog_inc(&prog);
		if (const int error = sockops::cgroup_bpf_attach(to, sockops::bpf_prog_ptr::adopt(&prog)))
			sockops::internal_error("bench", "attach: %d", error);
	}

	sockops::net net_;
	sockops::cgroup_root root_;
	sockops::cgroup& here_;
	sockops::cgroup& there_;
	std::unique_ptr<sockops::scoped_tcp_sock> sk_;
};

/// The measured loop. `flatten` inlines the whole front, for every policy alike.
template <class Release>
[[gnu::flatten, gnu::noinline]] void call_loop(benchmark::State& state, sockops::sock_common* sk) {
	sockops::u32 arg = 1;
	for (auto _ : state) {
		benchmark::DoNotOptimize(sk);
		benchmark::DoNotOptimize(arg);
		int reply =
			sockops::tcp_hook<Release>::tcp_call_bpf_3arg(sk, sockops::BPF_SOCK_OPS_RTO_CB, arg, 2, 3);
		benchmark::DoNotOptimize(reply);
	}
}

template <class Release>
void row(benchmark::State& state) {
	fixture with(static_cast<std::size_t>(state.range(0)));
	call_loop<Release>(state, with.socket());
}

template <class Release>
void register_rows(const char* name) {
	benchmark::RegisterBenchmark(name, row<Release>)->Arg(0)->Arg(1)->Arg(8)->Arg(64);
}

/// Registered where liburcu was found (urcu_baseline.cpp).
[[gnu::weak]] void register_urcu_rows();

} // namespace bench
