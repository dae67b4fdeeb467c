// SPDX-License-Identifier: MIT
#include "crash_report.hpp"

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sockops::testing {

namespace {

constexpr int most_frames = 32;
constexpr std::uintptr_t first_page = 4096; ///< which is never mapped

/// "tune", "wrong_tune.bpf.c:70" of an address in a file; false if there is no answer.
struct source_place {
	char function[256];
	char line[256];
};

bool ask_addr2line(const char* file, std::size_t offset, source_place& to) noexcept {
	int ends[2];
	char address[32];
	std::snprintf(address, sizeof address, "0x%zx", offset);
	if (::pipe(ends) != 0)
		return false;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, STDERR_FILENO);
	const char* const words[] = {"addr2line", "-s", "-f", "-e", file, address, nullptr};
	pid_t child = 0;
	const int error = ::posix_spawnp(&child, words[0], &actions, nullptr, const_cast<char**>(words), environ);
	posix_spawn_file_actions_destroy(&actions);
	::close(ends[1]);
	std::FILE* const answer = ::fdopen(ends[0], "r");
	const bool is_told = error == 0 && answer && std::fgets(to.function, sizeof to.function, answer) &&
						 std::fgets(to.line, sizeof to.line, answer);
	if (answer)
		std::fclose(answer);
	if (error == 0)
		::waitpid(child, nullptr, 0);
	if (!is_told)
		return false;
	to.function[std::strcspn(to.function, "\n")] = '\0';
	to.line[std::strcspn(to.line, "\n ")] = '\0';
	return true;
}

/// Of C, which a program is and this library is not.
bool is_of_c(const source_place& place) noexcept {
	const char* const colon = std::strrchr(place.line, ':');
	return colon && colon - place.line > 2 && std::strncmp(colon - 2, ".c", 2) == 0;
}

bool place_of(const void* address, source_place& to) noexcept {
	::Dl_info about;
	::link_map* module = nullptr;
	if (::dladdr1(address, &about, reinterpret_cast<void**>(&module), RTLD_DL_LINKMAP) == 0 || !module)
		return false;
	const char* const file = module->l_name && *module->l_name ? module->l_name : "/proc/self/exe";
	char self[4096] = {};
	if (std::strcmp(file, "/proc/self/exe") == 0 && ::readlink(file, self, sizeof self - 1) < 0)
		return false;
	return ask_addr2line(*self ? self : file, reinterpret_cast<std::size_t>(address) - module->l_addr, to);
}

/// The innermost frame that is C's. Frames but that of the signal are return addresses.
bool innermost_of_c(const void* at, source_place& to) noexcept {
	if (place_of(at, to) && is_of_c(to))
		return true;
	void* frames[most_frames];
	const int count = ::backtrace(frames, most_frames);
	for (int each = 0; each < count; ++each)
		if (place_of(static_cast<const char*>(frames[each]) - 1, to) && is_of_c(to))
			return true;
	return false;
}

struct crash_place {
	const void* instruction; ///< of a call to where no code can be, that of the caller
	std::uintptr_t helper;   ///< the number that was called in place of code; 0: none
};

crash_place place_of_crash(const ::ucontext_t& context) noexcept {
#if defined(__x86_64__)
	const auto at = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
	if (at >= first_page)
		return {reinterpret_cast<const void*>(at), 0};
	const auto stack = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP]);
	return {*reinterpret_cast<const char* const*>(stack) - 1, at};
#elif defined(__aarch64__)
	const auto at = static_cast<std::uintptr_t>(context.uc_mcontext.pc);
	if (at >= first_page)
		return {reinterpret_cast<const void*>(at), 0};
	return {reinterpret_cast<const void*>(context.uc_mcontext.regs[30] - 1), at};
#else
	return {nullptr, 0};
#endif
}

/// Not all of this may be done in a handler; but the process ends in any case, and as it would have.
void report(int number, ::siginfo_t* about, void* context) {
	static std::atomic_flag begun;
	if (begun.test_and_set())
		::_exit(128 + number);
	source_place place;
	char text[1024];
	int size =
		std::snprintf(text, sizeof text, "SIG%s at address %p", ::sigabbrev_np(number), about->si_addr);
	const crash_place at = place_of_crash(*static_cast<const ::ucontext_t*>(context));
	if (innermost_of_c(at.instruction, place))
		size += std::snprintf(text + size, sizeof text - size, ": %s() at %s", place.function, place.line);
	if (at.helper != 0)
		size += std::snprintf(
			text + size, sizeof text - size,
			" calls helper %zu by its number, where natively nothing is: <bpf/bpf_helpers.h> has the "
			"helpers as functions",
			static_cast<std::size_t>(at.helper));
	size += std::snprintf(text + size, sizeof text - size, "\n");
	(void)!::write(STDERR_FILENO, text, static_cast<std::size_t>(size));
	::signal(number, SIG_DFL);
	if (about->si_code <= 0) // sent, by kill(2); else it comes again at the same instruction
		::raise(number);
}

} // namespace

void report_crashes() noexcept {
	void* loaded[1];
	(void)::backtrace(loaded, 1); // the first call allocates
	for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
		struct ::sigaction now {};
		if (::sigaction(number, nullptr, &now) != 0 || (now.sa_flags & SA_SIGINFO) ||
			now.sa_handler != SIG_DFL)
			continue;
		struct ::sigaction with {};
		with.sa_sigaction = report;
		with.sa_flags = SA_SIGINFO | SA_NODEFER;
		::sigaction(number, &with, nullptr);
	}
}

} // namespace sockops::testing
