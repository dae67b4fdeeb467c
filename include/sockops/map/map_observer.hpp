// SPDX-License-Identifier: MIT
// Who wants to know what changes in a map, and will not compare all of it: a map tells of each element before
// a program can change it.
//
// Context: told on the thread that changes the map, inside programs too, perhaps under the map's lock: it
// may not wait, nor use the map.
#pragma once

#include <sockops/kern/cxx20.hpp>

namespace sockops {

struct bpf_map;

/// What is not told of has not changed, but for an ARRAY of one element: programs have its address in their
/// code.
struct bpf_map_observer {
	/// A program is about to have a pointer to this element's value, or the element is about to be updated,
	/// deleted or evicted, by whomever; or none of it, in the end. `key`: nullptr of a map without keys.
	/// `value`: where it is; nullptr: not looked up. On the thread that does it; where `value` is given
	/// perhaps under the map's lock.
	virtual void about_to_change(bpf_map& map, const void* key, const void* value) noexcept = 0;

	bpf_map_observer* next = nullptr; ///< of the map's

  protected:
	~bpf_map_observer() = default;
};

} // namespace sockops
