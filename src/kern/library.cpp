// SPDX-License-Identifier: MIT
// What the library says of itself.

#include <sockops/kern/library.hpp>

#include <dlfcn.h>

#include <sockops/kern/check.hpp>
#include <sockops/kern/containers.hpp>

#include "other_copy.hpp"

#define SOCKOPS_TEXT_OF(number) #number
#define SOCKOPS_DOTTED(major_number, minor_number, patch_number)                                             \
	SOCKOPS_TEXT_OF(major_number) "." SOCKOPS_TEXT_OF(minor_number) "." SOCKOPS_TEXT_OF(patch_number)

namespace sockops {

template <>
constinit const char detail::this_version::is_linked = 1;

template <>
constinit const char detail::library_with_debug_containers<detail::debug_containers>::is_linked = 1;

namespace {

constexpr char somewhere_in_this_copy = 0;

/// The file that an address is in.
const char* file_of(const void* address) noexcept {
	Dl_info found{};
	return dladdr(address, &found) != 0 && found.dli_fname ? found.dli_fname : "an unknown file";
}

} // namespace

template <>
const void* detail::this_version::copy() noexcept {
	return &somewhere_in_this_copy;
}

void detail::report_other_copy(const char* call, const char* what, const char* name, const void* made_by,
							   const char* result) noexcept {
	illegal_use(call,
				"%s %s was made by the copy of sockops in %s, and this is the copy in %s: they share no "
				"state, so what "
				"one attaches the other does not run. Link both files with the shared form of the library "
				"(-DBUILD_SHARED_LIBS=ON). %s",
				what, name, file_of(made_by), file_of(this_copy()), result);
}

const char* library_version() noexcept {
	return SOCKOPS_DOTTED(SOCKOPS_VERSION_MAJOR, SOCKOPS_VERSION_MINOR, SOCKOPS_VERSION_PATCH);
}

} // namespace sockops

#undef SOCKOPS_DOTTED
#undef SOCKOPS_TEXT_OF
