// SPDX-License-Identifier: MIT
// The rule that a test has broken, if any.
#pragma once

#include <atomic>

#include <sockops/testing/attach_faults.hpp>

namespace sockops::detail {

inline constinit std::atomic<testing::attach_fault> injected_attach_fault{testing::attach_fault::none};

inline bool fault_is(testing::attach_fault fault) noexcept {
	return injected_attach_fault.load(std::memory_order_relaxed) == fault;
}

} // namespace sockops::detail
