// SPDX-License-Identifier: MIT
// A function of a natively compiled program as a bpf_prog.
#pragma once

#include <memory>
#include <string>

#include <sockops/bpf/bpf_prog.hpp>

namespace sockops::native {

/// int tune(struct bpf_sock_ops *), as the C compiler made it.
using c_function = u32 (*)(void* ctx);

struct native_prog final : bpf_prog {
	std::string name_text;
	c_function function;
	bool may_tail_call;
	/// What its code uses: the maps.
	std::shared_ptr<const void> object;

	native_prog(std::string called, c_function code, bool tail_calls, std::shared_ptr<const void> of);

	static u32 run(bpf_sock_ops_kern* ctx, const bpf_prog* prog) noexcept;
};

} // namespace sockops::native
