// SPDX-License-Identifier: MIT
// class bpf_pins: where maps with __uint(pinning, LIBBPF_PIN_BY_NAME) are pinned, as a folder of a bpffs. The
// first object with a map of a name makes it, those that are loaded later get the same.
//
//     bpf_pins pins;
//     bpf_object count = bpf_object::load_file("count.bpf.o", {.pins = &pins});
//     bpf_object limit = bpf_object::load_file("limit.bpf.o", {.pins = &pins});  // shares what both pin
//
// A pin holds its map, also when all objects are gone, until it is taken away or the bpf_pins ends. Objects
// are loaded into it one after the other, from any thread.
//
// Context: any thread, outside of programs; takes a lock, which loading an object holds. Not from a signal
// handler.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/kern/containers.hpp>
#include <sockops/map/bpf_map.hpp>

namespace sockops {

class bpf_pins {
  public:
	/// A map, and its user: whoever holds that is a descriptor to it. With the last one a PROG_ARRAY is
	/// emptied.
	struct pinned {
		bpf_map_ptr map;
		std::shared_ptr<const void> user;
	};

	bpf_pins() = default;
	bpf_pins(const bpf_pins&) = delete;
	bpf_pins& operator=(const bpf_pins&) = delete;

	/// The map of a name; empty, if there is none.
	[[nodiscard]] pinned find(std::string_view name) const;
	/// All names, in order.
	[[nodiscard]] std::vector<std::string> names() const;
	/// BPF_OBJ_PIN: 0, or -EEXIST.
	int pin(const std::string& name, pinned what);
	/// Takes a pin away, as unlink(2) does; objects that have the map keep it: 0, or -ENOENT.
	int unpin(std::string_view name);

  private:
	friend class bpf_object;
	mutable std::recursive_mutex lock_; ///< held while an object is loaded, so that no other pins in between
	std::map<std::string, pinned, std::less<>> maps_;
};

} // namespace sockops
