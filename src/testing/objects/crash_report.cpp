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

#include "../../object/program_code.hpp"

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

/// The machine's registers that say where it is, and who called.
#if defined(__x86_64__)
std::uintptr_t instruction(const ::ucontext_t& at) noexcept {
	return static_cast<std::uintptr_t>(at.uc_mcontext.gregs[REG_RIP]);
}
std::uintptr_t caller(const ::ucontext_t& at) noexcept {
	return *reinterpret_cast<const std::uintptr_t*>(at.uc_mcontext.gregs[REG_RSP]);
}
void go_to(::ucontext_t& at, void* function) noexcept {
	at.uc_mcontext.gregs[REG_RIP] = reinterpret_cast<greg_t>(function);
}
#elif defined(__aarch64__)
std::uintptr_t instruction(const ::ucontext_t& at) noexcept { return at.uc_mcontext.pc; }
std::uintptr_t caller(const ::ucontext_t& at) noexcept { return at.uc_mcontext.regs[30]; }
void go_to(::ucontext_t& at, void* function) noexcept {
	at.uc_mcontext.pc = reinterpret_cast<std::uintptr_t>(function);
}
#else
std::uintptr_t instruction(const ::ucontext_t&) noexcept { return first_page; }
std::uintptr_t caller(const ::ucontext_t&) noexcept { return first_page; }
void go_to(::ucontext_t&, void*) noexcept {}
#endif

/// A call to the number of a helper finds its arguments and its way back where the helper does.
bool go_to_helper(::ucontext_t& at) noexcept {
	const std::uintptr_t number = instruction(at);
	const object::program_codes* const codes = number < first_page ? object::linked_program_codes() : nullptr;
	void* const function = codes ? codes->helper_function(static_cast<u32>(number)) : nullptr;
	if (function)
		go_to(at, function);
	return function != nullptr;
}

/// Not all of this may be done in a handler; but the process ends in any case, and as it would have.
void report(int number, const ::siginfo_t& about, const ::ucontext_t& at) {
	static std::atomic_flag begun;
	if (begun.test_and_set())
		::_exit(128 + number);
	const std::uintptr_t crashed = instruction(at);
	const std::uintptr_t inside = crashed < first_page ? caller(at) - 1 : crashed;
	source_place place;
	char text[1024];
	int size = std::snprintf(text, sizeof text, "SIG%s at address %p", ::sigabbrev_np(number), about.si_addr);
	if (innermost_of_c(reinterpret_cast<const void*>(inside), place))
		size += std::snprintf(text + size, sizeof text - size, ": %s() at %s", place.function, place.line);
	if (crashed != 0 && crashed < first_page)
		size +=
			std::snprintf(text + size, sizeof text - size,
						  " calls helper %zu by its number, which is none that there is natively", crashed);
	size += std::snprintf(text + size, sizeof text - size, "\n");
	(void)!::write(STDERR_FILENO, text, static_cast<std::size_t>(size));
}

/// What was there before, by the signal.
struct ::sigaction before[NSIG];

void handle(int number, ::siginfo_t* about, void* context) {
	::ucontext_t& at = *static_cast<::ucontext_t*>(context);
	if (number == SIGSEGV && go_to_helper(at))
		return;
	if (before[number].sa_flags & SA_SIGINFO)
		return before[number].sa_sigaction(number, about, context);
	report(number, *about, at);
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
		if (::sigaction(number, nullptr, &now) != 0 || now.sa_sigaction == handle)
			continue;
		before[number] = now;
		struct ::sigaction with {};
		with.sa_sigaction = handle;
		with.sa_flags = SA_SIGINFO | SA_NODEFER;
		::sigaction(number, &with, nullptr);
	}
}

} // namespace sockops::testing
