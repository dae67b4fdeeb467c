// SPDX-License-Identifier: MIT
// How a natively compiled program runs.
#include "native_prog.hpp"

#include <utility>

#include "native_run.hpp"

namespace sockops::native {

native_prog::native_prog(std::string called, c_function code, bool tail_calls, std::shared_ptr<const void> of)
	: bpf_prog(run, nullptr, next_prog_id()), name_text(std::move(called)), function(code),
	  may_tail_call(tail_calls), object(std::move(of)) {
	name = name_text.c_str();
	destroy = [](bpf_prog* prog) noexcept { delete static_cast<native_prog*>(prog); };
}

u32 native_prog::run(bpf_sock_ops_kern* ctx, const bpf_prog* prog) noexcept {
	native_run now(*ctx);
	const u32 result = now.run_chain(static_cast<const native_prog&>(*prog));
	now.write_back();
	return result;
}

} // namespace sockops::native
