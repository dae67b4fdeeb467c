// SPDX-License-Identifier: MIT
// Throwing object_error.
#pragma once

#include <sockops/object/bpf_object.hpp>

namespace sockops {

/// `error`: errno, positive.
[[noreturn]] inline void fail_object(int error, const std::string& message) {
	object_error failure(message);
	failure.error = error;
	throw failure;
}

} // namespace sockops
