// SPDX-License-Identifier: MIT
// 64 small programs that differ: a compiler that saw them could fold them, so it does not.

#include "programs.hpp"

#include <array>
#include <utility>

namespace bench {

using namespace sockops;

namespace {

/// Looks at the op, as programs do first, and leaves: 10 bytes each, aligned to 16. Farther apart,
/// the targets of 64 programs crowd into few sets of some processors' branch target buffers (at 64
/// bytes they run at half the speed, whatever protects them), and the rows measure luck.
template <std::size_t I>
[[gnu::noinline, gnu::aligned(16)]] u32 run(bpf_sock_ops_kern* ctx, const bpf_prog*) noexcept {
	return ctx->op != 192 + I; // ops that no benchmark fires
}

template <std::size_t... I>
std::array<bpf_prog, sizeof...(I)>& make_programs(std::index_sequence<I...>) {
	static std::array<bpf_prog, sizeof...(I)> programs{{{run<I>, "bench"}...}};
	return programs;
}

} // namespace

bpf_prog& program(std::size_t i) { return make_programs(std::make_index_sequence<max_programs>())[i]; }

[[gnu::noinline]] int empty_call(sock_common*, int, u32, u32, u32) {
	asm volatile("");
	return 0;
}

} // namespace bench
