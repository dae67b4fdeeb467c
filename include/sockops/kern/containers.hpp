// SPDX-License-Identifier: MIT
// Included by each header whose functions or structures hold containers of the standard library: their layout
// is another one with -D_GLIBCXX_DEBUG, which no signature shows. So a library whose containers are of the
// other kind does not link: "undefined reference to
// sockops::detail::library_with_debug_containers<true>::is_linked". What the hook needs,
// <sockops/sockops.hpp>, holds none.
#pragma once

#include <sockops/kern/cxx20.hpp>

namespace sockops::detail {

#if defined(_GLIBCXX_DEBUG)
inline constexpr bool debug_containers = true;
#else
inline constexpr bool debug_containers = false;
#endif

template <bool Debug>
struct library_with_debug_containers {
	static const char is_linked;
};
template <>
const char library_with_debug_containers<debug_containers>::is_linked;

[[gnu::used, gnu::retain, gnu::visibility("hidden")]] inline constexpr const char* needs_containers =
	&library_with_debug_containers<debug_containers>::is_linked;

} // namespace sockops::detail
