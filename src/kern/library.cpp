// SPDX-License-Identifier: MIT
// What the library says of itself.

#include <sockops/kern/library.hpp>

#define SOCKOPS_TEXT_OF(number) #number
#define SOCKOPS_DOTTED(major_number, minor_number, patch_number)                                              \
	SOCKOPS_TEXT_OF(major_number) "." SOCKOPS_TEXT_OF(minor_number) "." SOCKOPS_TEXT_OF(patch_number)

namespace sockops {

template <>
constinit const char detail::library_of_version<SOCKOPS_VERSION_MAJOR, SOCKOPS_VERSION_MINOR>::is_linked = 1;

const char* library_version() noexcept {
	return SOCKOPS_DOTTED(SOCKOPS_VERSION_MAJOR, SOCKOPS_VERSION_MINOR, SOCKOPS_VERSION_PATCH);
}

} // namespace sockops

#undef SOCKOPS_DOTTED
#undef SOCKOPS_TEXT_OF
