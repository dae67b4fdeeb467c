// SPDX-License-Identifier: MIT
// A natively compiled program that reads through a bad pointer ends the process: where it was in its C
// source, on standard error, before that.
//
//   SIGSEGV at address 0x8: tune() at wrong_tune.bpf.c:70
#pragma once

namespace sockops::testing {

/// Tells it of SIGSEGV, SIGBUS, SIGFPE and SIGILL, from then on, unless somebody has a handler already, as
/// AddressSanitizer has; then the signal does what it does without this. Source lines come from addr2line
/// (binutils): without it there are none.
void report_crashes() noexcept;

} // namespace sockops::testing
