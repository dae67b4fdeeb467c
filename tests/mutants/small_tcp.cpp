// SPDX-License-Identifier: MIT
// The small TCP by the rules of the mutants, which come first.

#include "small_tcp_rules.hpp"

#include "../../src/testing/model/ack.cpp"
#include "../../src/testing/model/close.cpp"
#include "../../src/testing/model/delack.cpp"
#include "../../src/testing/model/handshake.cpp"
#include "../../src/testing/model/input.cpp"
#include "../../src/testing/model/link.cpp"
#include "../../src/testing/model/listener.cpp"
#include "../../src/testing/model/loss.cpp"
#include "../../src/testing/model/options.cpp"
#include "../../src/testing/model/output.cpp"
#include "../../src/testing/model/packet.cpp"
#include "../../src/testing/model/receive.cpp"
#include "../../src/testing/model/rtt.cpp"
#include "../../src/testing/model/sockopt.cpp"
#include "../../src/testing/model/stack.cpp"
#include "../../src/testing/model/timers.cpp"
#include "../../src/testing/model/window.cpp"
