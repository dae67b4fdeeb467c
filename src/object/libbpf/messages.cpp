// SPDX-License-Identifier: MIT
// libbpf's messages, thread by thread: those of a thread that does not collect them are dropped.
#include "messages.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "libbpf.hpp"

namespace sockops::object {
namespace {

thread_local libbpf_messages* collecting = nullptr;

/// libbpf's print function: one for the private copy, for good.
int collect(::libbpf_print_level level, const char* format, va_list arguments) {
	if (!collecting || level != LIBBPF_WARN) // the others tell what was done, not what is wrong
		return 0;
	char text[4096];
	std::vsnprintf(text, sizeof text, format, arguments);
	const char* const own = std::strncmp(text, "libbpf: ", 8) == 0 ? text + 8 : text;
	try {
		collecting->add(own);
	} catch (...) {
		// Without memory for it the message is lost; what went wrong has its errno besides.
	}
	return 0;
}

} // namespace

libbpf_messages::libbpf_messages() noexcept : before_(collecting) {
	static const auto set_once = libbpf::set_print(collect);
	(void)set_once;
	collecting = this;
}
libbpf_messages::~libbpf_messages() { collecting = before_; }

std::string libbpf_messages::line() const {
	std::string joined;
	for (const char c : text_)
		c == '\n' ? joined += "; " : joined += c;
	while (joined.ends_with("; "))
		joined.resize(joined.size() - 2);
	return joined;
}

} // namespace sockops::object
