// SPDX-License-Identifier: MIT
// A release of Linux as a number: since when something is there is compared with which release is asked for.
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops {

/// A kernel release, major << 8 | minor, so that releases compare.
using kernel_release = u16;
constexpr kernel_release release(unsigned major, unsigned minor) noexcept {
	return static_cast<kernel_release>(major << 8 | minor);
}
/// 5 of 5.15.
constexpr unsigned major_of(kernel_release of) noexcept { return of >> 8; }
/// 15 of 5.15.
constexpr unsigned minor_of(kernel_release of) noexcept { return of & 0xffu; }

/// The first that has SOCK_OPS programs, and the one that is modelled: others are asked for between them.
inline constexpr kernel_release first_release = release(4, 13), modelled_release = release(6, 18);

/// Has there been such a release, from the first to the one that is modelled?
constexpr bool is_release(kernel_release which) noexcept {
	const unsigned last_minor = major_of(which) == 4 ? 20 : major_of(which) == 5 ? 19 : 18;
	return which >= first_release && which <= modelled_release && minor_of(which) <= last_minor;
}

} // namespace sockops
