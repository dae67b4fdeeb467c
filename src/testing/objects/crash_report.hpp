// SPDX-License-Identifier: MIT
// A natively compiled program that reads through a bad pointer ends the process: where it was in its C
// source, on standard error, before that.
//
//   SIGSEGV at address 0x8: tune() at tune.bpf.c:70
#pragma once

namespace sockops::testing {

/// From then on tells it of SIGSEGV, SIGBUS, SIGFPE and SIGILL; the signal then does what it did before, as
/// AddressSanitizer tells it in its own way. Source lines come from addr2line (binutils): without it there
/// are none. And a call to the number of a helper, where no code can be, goes to the helper: so programs have
/// them that declare them without <bpf/bpf_helpers.h>.
void report_crashes() noexcept;

} // namespace sockops::testing
