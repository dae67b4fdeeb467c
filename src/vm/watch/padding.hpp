// SPDX-License-Identifier: MIT
// The bytes of a map's keys and values that no member has: compilers leave them as they are. In a value
// nobody asks for them; in a key a kernel hashes them with the rest.
#pragma once

#include <vector>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/kern/types.hpp>

namespace sockops::vm {

/// By byte: true where no member is. Empty: nothing is known of the type.
using padding_bytes = std::vector<bool>;

struct map_padding {
	padding_bytes key, value;
};

/// Tells a watched program what is known of its maps, in the order of bpf_prog_maps(); before it runs.
void note_padding(const bpf_prog& prog, std::vector<map_padding> of_maps);

} // namespace sockops::vm
