// SPDX-License-Identifier: MIT
// Of the dynamically linked tool.
#include "native_code.hpp"

#include <stdexcept>

#include <dlfcn.h>

namespace sockops_run {

const char* how_linked() noexcept { return "dynamically linked"; }
std::string no_native_reason() { return {}; }

void load_native_code(const std::string& shared_object) {
	if (!::dlopen(shared_object.c_str(), RTLD_NOW | RTLD_LOCAL))
		throw std::runtime_error(std::string("its code cannot be loaded: ") + ::dlerror());
}

} // namespace sockops_run
