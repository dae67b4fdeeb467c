// SPDX-License-Identifier: MIT
// The library that code is linked with is of the version of its headers, or it does not link.
//
// The way of a dispatch is compiled into those who call it, so structures and their layouts are the affair of
// both sides. Each file that includes the library's headers asks for a symbol that has their version in its
// name, and a library has the one of its own: where they differ the linker says "undefined reference to
// sockops::detail::library_of_version<0, 2>::is_linked", and so does the loader of a plug-in. It costs a
// pointer in each program, and nothing at run time. A patch changes no layout and is not in the name.
#pragma once

#include <sockops/kern/cxx20.hpp>
#include <sockops/version.hpp>

namespace sockops::detail {

template <int Major, int Minor>
struct library_of_version {
	static const char is_linked;
	static const void* copy() noexcept; ///< this_copy()
};
using this_version = library_of_version<SOCKOPS_VERSION_MAJOR, SOCKOPS_VERSION_MINOR>;
template <>
const char this_version::is_linked;
template <>
const void* this_version::copy() noexcept;

// Hidden: one in each program and shared object. Kept, though nobody reads it: by the compiler, and by
// --gc-sections.
[[gnu::used, gnu::retain, gnu::visibility("hidden")]] inline constexpr const char* needs_library =
	&this_version::is_linked;

/// The copy of the library that answers those who are linked with it: an address in its file. Two shared
/// objects that are each linked with the static library have two copies, which share no state: what one
/// attaches the other does not run. A cgroup and a program know theirs, and another's use of them is an
/// illegal use (-EXDEV). Two copies that have nothing to do with each other are nobody's business. Where a
/// host's functions take the place of a plug-in's (-rdynamic) this one does so only within a version.
[[nodiscard, gnu::always_inline]] inline const void* this_copy() noexcept { return this_version::copy(); }

} // namespace sockops::detail
