// SPDX-License-Identifier: MIT
// Says which library it is linked with; and loads a plug-in, which is this file compiled again, if it is
// given one. ATTACHES: lets it attach a program, too.
#include <cstdio>

#include <dlfcn.h>

#include <sockops/kern/check.hpp>

#if defined(ATTACHES)
#include <sockops/sockops.hpp>

extern "C" [[gnu::visibility("default")]] int attach_a_program() {
	sockops::set_illegal_use_handler([](const sockops::check_report& report) noexcept {
		std::printf("%s: %s\n", report.call, report.message);
	});
	const sockops::cgroup_root root;
	return cgroup_bpf_attach(*root, sockops::make_bpf_prog("one", [](sockops::bpf_sock_ops&) { return 1; }));
}

static int use(void* plugin) {
	return reinterpret_cast<decltype(&attach_a_program)>(dlsym(plugin, "attach_a_program"))();
}
#else
static int use(void*) { return 0; }
#endif

int main(int argc, char** argv) {
	std::printf("headers %d.%d.%d, library %s\n", sockops::version_major, sockops::version_minor,
				sockops::version_patch, sockops::library_version());
	if (argc == 1)
		return 0;
	void* const plugin = dlopen(argv[1], RTLD_LAZY);
	if (!plugin) {
		std::printf("%s\n", dlerror());
		return 1;
	}
	const int error = use(plugin);
	std::printf("loaded, and used: %d\n", error);
	return error == 0 ? 0 : 1;
}
