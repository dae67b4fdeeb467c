// SPDX-License-Identifier: MIT
// Where lines of programs go by default.

#include <sockops/net/net.hpp>

#include <cstdio>
#include <cstring>

namespace sockops {

void printk_to_stderr(void*, const char* text) noexcept {
	const std::size_t length = std::strlen(text);
	const bool ended = length != 0 && text[length - 1] == '\n';
	std::fprintf(stderr, "bpf_trace_printk: %s%s", text, ended ? "" : "\n"); // one call: lines stay whole
}

} // namespace sockops
