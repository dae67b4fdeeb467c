// SPDX-License-Identifier: MIT
// A recorded call in words: why a program did not run, who wrote the reply that won, whose 0
// discarded it, whose write cleared the flags.
//
//   TIMEOUT_INIT on a request of /web, NEW_SYN_RECV: 2 programs ran.
//     fast_syn  reply 0 -> 50, returned 1
//     gate      returned 0: it denied
//   The result is -1: gate returned 0: the reply 50 of fast_syn is discarded, 1 s is used.
//
// Context: any thread, while what the record points to is valid; takes memory, so not in a signal handler.
#pragma once

#include <string>

#include <sockops/trace/call_text.hpp>
#include <sockops/trace/trace.hpp>

namespace sockops {

/// The call in one word.
[[nodiscard]] std::string call_text(const trace_call& call);

/// The call, its programs in the order in which they ran, and its result. Looks at the record's programs and
/// cgroup, and not at its socket; throws what std::string does, as the next.
[[nodiscard]] std::string explain(const trace_call& call);

/// Why `prog` did not run in this call, or what it did in it.
[[nodiscard]] std::string explain(const trace_call& call, const bpf_prog& prog);

/// "WRITE_HDR_OPT_CB_FLAG|STATE_CB_FLAG"; "none".
[[nodiscard]] std::string cb_flags_text(u8 flags);

} // namespace sockops
