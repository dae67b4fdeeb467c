// SPDX-License-Identifier: MIT
// The same scenario with the same programs in the library's small TCP and in ns-3: what each told of the
// calls.
#pragma once

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/object/bpf_object.hpp>
#include <sockops/testing/timeline.hpp>

namespace test {

/// What happens, and what else ns-3 needs for it.
struct scenario {
	std::string name;
	std::string timeline;                                   ///< its events, and settings of its own
	std::map<std::string, std::string> ns3_attributes = {}; ///< as a script would set them
};

/// Programs, where they are attached, and what keeps them. Sockets of both sides are in /fleet/web.
struct program_set {
	std::string name;
	std::vector<std::pair<std::string, sockops::bpf_prog_ptr>> attached;
	std::vector<sockops::bpf_object> objects = {};
};

/// A call of the hook in which a program ran.
struct stack_call {
	std::string op;   ///< "TIMEOUT_INIT*"
	std::string text; ///< and its arguments, the state, what programs replied, returned and set
};
/// By side: client, server.
using stack_calls = std::array<std::vector<stack_call>, 2>;

/// The scenario as it is played: over a link of 10 ms one way, with full segments of 1448 bytes.
sockops::testing::timeline timeline_of(const scenario& what);

stack_calls run_in_small_tcp(const scenario& what, const program_set& programs);
stack_calls run_in_ns3(const scenario& what, const program_set& programs);

} // namespace test
