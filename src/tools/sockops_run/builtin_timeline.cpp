// SPDX-License-Identifier: MIT
#include "chosen_timeline.hpp"

namespace sockops_run {

// So that it can be played to its end whatever programs reply, and as many ops as possible fire where a
// program asks for them: both openings, a lost SYN, recovery and a timeout, round trips that take time, and
// both ways to close.
const char builtin_timeline[] = R"(
	delay 10ms
	option client TCP_NODELAY 1

	+0     server listen
	+0     link drop client syn 1
	+0     client connect
	+1200ms server accept blocking
	+0     link drop client data 1 after 2
	+0     client send 1000 x 8
	+300ms server read
	+0     link drop server data 3 after 1
	+0     server send 2500
	+2s    client read
	+100ms client close
	+100ms server close
	+100ms server close
	+100ms wait
)";

} // namespace sockops_run
