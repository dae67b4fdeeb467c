// SPDX-License-Identifier: MIT
// The programs that the benchmarks run: different functions in a translation unit of their own.
#pragma once

#include <cstddef>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/bpf/bpf_sock_ops_kern.hpp>

namespace bench {

inline constexpr std::size_t max_programs = 64;

/// Program i of max_programs, each with a function of its own, aligned alike.
sockops::bpf_prog& program(std::size_t i);

/// What a call of nothing costs.
int empty_call(sockops::sock_common* sk, int op, sockops::u32 a, sockops::u32 b, sockops::u32 c);

} // namespace bench
