// SPDX-License-Identifier: MIT
// The release before another one, for tests of rows that are there since a release.
#pragma once

#include <sockops/kern/kernel_release.hpp>

inline sockops::kernel_release release_before(sockops::kernel_release since) {
	auto before = static_cast<sockops::kernel_release>(since - 1);
	while (!sockops::is_release(before))
		--before;
	return before;
}
