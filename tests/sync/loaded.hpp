// SPDX-License-Identifier: MIT
// A shared object that a test loads, for good.
#pragma once

#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>

namespace sync_test {

/// Its function of that name. Aborts with the loader's words if there is none.
template <class Function>
Function* function_of(const char* path, const char* name) {
	void* const handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	void* const function = handle ? dlsym(handle, name) : nullptr;
	if (!function) {
		std::fprintf(stderr, "%s\n", dlerror());
		std::abort();
	}
	return reinterpret_cast<Function*>(function);
}

} // namespace sync_test
