// SPDX-License-Identifier: MIT
// host PLUGIN FILE…: opens PLUGIN, and gives it each FILE.
#include <cstdio>

#include <dlfcn.h>

int main(int count, char** arguments) {
	void* const plugin = count > 1 ? dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL) : nullptr;
	void* const found = plugin ? dlsym(plugin, "call_program_of") : nullptr;
	if (!found) {
		std::printf("%s\n", dlerror());
		return 1;
	}
	for (int i = 2; i < count; ++i)
		reinterpret_cast<void (*)(const char*)>(found)(arguments[i]);
	return 0;
}
