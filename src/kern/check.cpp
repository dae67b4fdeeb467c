// SPDX-License-Identifier: MIT
// The three handlers, and the places that have warned already.

#include <sockops/kern/check.hpp>

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace sockops {

namespace {

void print(const char* kind, const check_report& report) noexcept {
	std::fprintf(stderr, "sockops: %s: %s: %s\n", kind, report.call, report.message);
}
[[noreturn]] void illegal_use_default(const check_report& report) noexcept {
	print("illegal use", report);
	std::abort();
}
[[noreturn]] void internal_error_default(const check_report& report) noexcept {
	print("internal error", report);
	std::abort();
}
void warning_default(const check_report& report) noexcept { print("warning", report); }

std::atomic<check_handler> on_illegal_use{illegal_use_default};
std::atomic<check_handler> on_internal_error{internal_error_default};
std::atomic<check_handler> on_warning{warning_default};

check_handler replace(std::atomic<check_handler>& slot, check_handler with, check_handler standard) noexcept {
	return slot.exchange(with ? with : standard, std::memory_order_acq_rel); // D: pairs with deliver
}

void deliver(const std::atomic<check_handler>& slot, const char* call, const char* format,
			 std::va_list args) noexcept {
	char text[1024]; // two paths of files, and what is said of them
	std::vsnprintf(text, sizeof text, format, args);
	slot.load(std::memory_order_acquire)({call, text}); // D: sees what the handler was given
}

} // namespace

check_handler set_illegal_use_handler(check_handler handler) noexcept {
	return replace(on_illegal_use, handler, illegal_use_default);
}
check_handler set_internal_error_handler(check_handler handler) noexcept {
	return replace(on_internal_error, handler, internal_error_default);
}
check_handler set_warning_handler(check_handler handler) noexcept {
	return replace(on_warning, handler, warning_default);
}

void illegal_use(const char* call, const char* format, ...) noexcept {
	std::va_list args;
	va_start(args, format);
	deliver(on_illegal_use, call, format, args);
	va_end(args);
}

void internal_error(const char* call, const char* format, ...) noexcept {
	std::va_list args;
	va_start(args, format);
	deliver(on_internal_error, call, format, args);
	va_end(args);
}

void warn_once_at(const char* message, const char* file, int line, const char* function) noexcept {
	static std::mutex lock;
	static auto* const seen = new std::set<std::pair<std::string, int>>;
	{
		std::lock_guard held(lock);
		if (!seen->emplace(file, line).second)
			return;
	}
	on_warning.load(std::memory_order_acquire)({function, message}); // D
}

} // namespace sockops
