// SPDX-License-Identifier: MIT
// Says which library it is linked with; and loads a plug-in, which is this file compiled again, if it is given one.
#include <cstdio>

#include <dlfcn.h>

#include <sockops/kern/check.hpp>

int main(int argc, char** argv) {
	std::printf("headers %d.%d.%d, library %s\n", sockops::version_major, sockops::version_minor,
				sockops::version_patch, sockops::library_version());
	if (argc == 1)
		return 0;
	if (!dlopen(argv[1], RTLD_LAZY)) {
		std::printf("%s\n", dlerror());
		return 1;
	}
	std::printf("loaded\n");
}
