// SPDX-License-Identifier: MIT
// Attributes of maps: any, some that can be made, and those at the limits of each type.
#pragma once

#include <random>
#include <vector>

#include <sockops/map/bpf_map.hpp>

namespace maps_diff {

using namespace sockops;

class random_attributes {
  public:
	explicit random_attributes(u64 seed) : random_(seed) {}
	u64 number() { return random_(); }

	/// Most of them are refused.
	bpf_map_attr any();
	/// Small, of a type with values; an LRU_HASH so large that nothing is evicted by the tests' few keys.
	bpf_map_attr usable();

  private:
	template <class T, std::size_t N>
	T pick(const T (&among)[N]) {
		return among[random_() % N];
	}
	bool one_in(u64 many) { return random_() % many == 0; }
	void give_lock(bpf_map_attr& attr);

	std::mt19937_64 random_;
};

std::vector<bpf_map_attr> attributes_at_limits();

} // namespace maps_diff
