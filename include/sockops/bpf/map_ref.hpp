// SPDX-License-Identifier: MIT
// A reference to a map that counts, whatever the map's type: a copy takes one more, by bpf_map_inc(),
// the end gives one back, by bpf_map_put(), and the map goes with the last.
#pragma once

#include <utility>

namespace sockops {

template <class Map>
class bpf_map_ref {
  public:
	bpf_map_ref() = default;
	/// Takes over a reference that the caller holds.
	static bpf_map_ref adopt(Map* map) noexcept {
		bpf_map_ref taken;
		taken.map_ = map;
		return taken;
	}
	bpf_map_ref(const bpf_map_ref& other) noexcept : map_(other.map_) {
		if (map_)
			bpf_map_inc(map_);
	}
	bpf_map_ref(bpf_map_ref&& other) noexcept : map_(std::exchange(other.map_, nullptr)) {}
	bpf_map_ref& operator=(const bpf_map_ref& other) noexcept { return *this = bpf_map_ref(other); }
	bpf_map_ref& operator=(bpf_map_ref&& other) noexcept {
		Map* const theirs = std::exchange(other.map_, nullptr);
		if (Map* const mine = std::exchange(map_, theirs))
			bpf_map_put(mine);
		return *this;
	}
	~bpf_map_ref() {
		if (map_)
			bpf_map_put(map_);
	}

	Map* get() const noexcept { return map_; }
	explicit operator bool() const noexcept { return map_ != nullptr; }

  private:
	Map* map_ = nullptr;
};

} // namespace sockops
