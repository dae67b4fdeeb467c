// SPDX-License-Identifier: MIT
// Of the static tool.
#include "native_code.hpp"

#include <stdexcept>

namespace sockops_run {

const char* how_linked() noexcept { return "static"; }
std::string no_native_reason() {
	return "a static sockops-run cannot load compiled code; the one that `cmake --install` of the sockops "
		   "sources "
		   "installs can (without --native the program runs here as it is)";
}

void load_native_code(const std::string&) { throw std::runtime_error(no_native_reason()); }

} // namespace sockops_run
