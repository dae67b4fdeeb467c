// SPDX-License-Identifier: MIT
// All call sites of the hook, of one release. A stack names it once, where it is put together, and the
// kernel's names are members:
//
//     using hook = tcp_hook<release_6_18>;
//     hook::tcp_set_state(tp, TCP_SYN_SENT);
//
//     struct my_stack : tcp_hook<traced<release_6_18>> {                  // observed (trace/trace.hpp)
//         void syn(tcp_sock& tp) { tcp_set_state(tp, TCP_SYN_SENT); … }
//     };
//
// The functions of the same names (hook/default_hook.hpp) are those of tcp_hook<>.
//
// Context: the calling thread, with the socket's lock held (a request has none). Programs run before a call
// returns; nothing else waits. In a signal handler once the thread has been in a section before.
#pragma once

#include <sockops/hook/tcp_output.hpp>
#include <sockops/hook/tcp_timers.hpp>
#include <sockops/hook/tx_timestamps.hpp>

namespace sockops {

template <class Release = default_release>
struct tcp_hook : tcp_dispatch<Release>,
				  tcp_call_sites<Release>,
				  tcp_events<Release>,
				  tcp_timers<Release>,
				  tcp_header_options<Release>,
				  tcp_output<Release>,
				  tcp_tx_timestamps<Release> {
	using release = Release;
};

} // namespace sockops
