// SPDX-License-Identifier: MIT
// What happens when the library is misused, or finds itself broken.
//
// Three severities, each with one process-wide handler that can be replaced:
//
//   illegal use      the caller did what the kernel leaves undefined (five arguments, an unlock
//                    without a lock, a freed socket). Default: print and abort.
//   internal error   an invariant of the library does not hold. Default: print and abort.
//   warning          what the kernel answers with WARN_ON_ONCE. Default: print once, go on.
//
// A handler may return. The call that reported then has the defined result that its declaration
// names, and no memory has been damaged. A handler may not throw: reports come from noexcept code.
//
// Context: any thread, inside sections and programs too. A handler runs on the thread that reports. Not
// from a signal handler: the handlers print, and a warning takes a lock.
#pragma once

#include <sockops/kern/library.hpp>

namespace sockops {

/// One report. Both strings are valid during the handler's call only.
struct check_report {
	const char* call;    ///< the function that was called, by its name in this library
	const char* message; ///< what was wrong: the thing, the value, the remedy
};

using check_handler = void (*)(const check_report&) noexcept;

/// Replaces a handler and returns the previous one; nullptr restores the default.
check_handler set_illegal_use_handler(check_handler handler) noexcept;
check_handler set_internal_error_handler(check_handler handler) noexcept;
check_handler set_warning_handler(check_handler handler) noexcept;

/// Report with a printf format, at most 1023 characters.
[[gnu::cold, gnu::format(printf, 2, 3)]] void illegal_use(const char* call, const char* format, ...) noexcept;
[[gnu::cold, gnu::format(printf, 2, 3)]] void internal_error(const char* call, const char* format,
															 ...) noexcept;

/// The slow half of warn_on_once: reports the first time it is reached from this place.
[[gnu::cold]] void warn_once_at(const char* message, const char* file, int line,
								const char* function) noexcept;

/// WARN_ON_ONCE(condition): returns the condition; true is reported once for each calling place.
/// (No std::source_location: clang 14 has none with GNU's library, and three words stay in registers.)
[[gnu::always_inline]] inline bool warn_on_once(bool condition, const char* message,
												const char* file = __builtin_FILE(),
												int line = __builtin_LINE(),
												const char* function = __builtin_FUNCTION()) noexcept {
	if (condition) [[unlikely]]
		warn_once_at(message, file, line, function);
	return condition;
}

} // namespace sockops
