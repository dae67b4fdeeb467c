// SPDX-License-Identifier: MIT
// What an interpreted program did that no verifier would have let it do. It was stopped there, and counts as
// having returned 0. The observers of the socket's net are told (net/observer.hpp); if none keeps it, the
// message goes to stderr.
//
//   tune: instruction 14 (tune.bpf.c:31, 'c->bytes = skops->bytes_acked;'): writes 8 bytes at 0x7f…10, which
//   is 32 bytes behind the value of map 'conns' (16 bytes); after bpf_map_lookup_elem() a program tests for
//   NULL
#pragma once

#include <string>

#include <sockops/kern/types.hpp>

namespace sockops {

struct bpf_prog;

struct bpf_fault {
	const bpf_prog* prog; ///< valid during net_observer::fault()
	u32 insn;             ///< the instruction that went wrong
	std::string message;  ///< the program, the instruction, its source line, the pointer, the remedy
};

} // namespace sockops
