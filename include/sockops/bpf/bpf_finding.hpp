// SPDX-License-Identifier: MIT
// What a watched program (vm/watch.hpp) did with bytes that nobody has written: it goes on, as in the kernel.
// The observers of the socket's net are told (net/observer.hpp); if none keeps it, the message goes to
// stderr.
//
//   tune: instruction 7 (tuple.bpf.c:31, 'n = bpf_map_lookup_elem(&conns, &t);'): key of 'conns': bytes 13 to
//   15 of 't' (tuple.bpf.c:29) were never written; the kernel hashes whatever is there
#pragma once

#include <string>

#include <sockops/kern/types.hpp>

namespace sockops {

struct bpf_prog;

struct bpf_finding {
	const bpf_prog* prog; ///< valid during net_observer::finding()
	u32 insn;             ///< the instruction that depends on them
	std::string message; ///< the program, the instruction, its source line, which bytes, and what comes of it
};

} // namespace sockops
