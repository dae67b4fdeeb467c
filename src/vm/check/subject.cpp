// SPDX-License-Identifier: MIT
#include "subject.hpp"

namespace sockops::vm::check {

void subject::leave(path& on, std::string why) {
	bpf_not_looked_at& here = left.emplace_back();
	here.insn = on.at;
	here.why = std::move(why);
	on.is_over = true;
}

} // namespace sockops::vm::check
