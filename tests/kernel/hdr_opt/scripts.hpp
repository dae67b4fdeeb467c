// SPDX-License-Identifier: MIT
// Which calls are made, and where: all combinations of their arguments once, and sequences by chance.
#pragma once

#include <map>
#include <random>

#include "hdr_opt_layout.h"
#include "run.hpp"

namespace hdr_opt {

/// Calls by slot (hdr_opt_layout.h).
using script = std::map<unsigned, std::vector<call>>;

/// Calls of one kind, every combination of kind, length byte, len, flags and magic, shuffled.
std::vector<call> all_calls(what of);

class random_calls {
  public:
	explicit random_calls(std::uint32_t seed) : engine_(seed) {}

	/// Up to hdr_opt_calls, mostly ones that succeed.
	std::vector<call> reserves();
	std::vector<call> stores();
	std::vector<call> loads();
	std::vector<call> any();
	/// Options of a header, as nobody would write them: 4 to 40 bytes, a multiple of 4.
	byte_list options();
	unsigned below(unsigned limit) { return static_cast<unsigned>(engine_() % limit); }

  private:
	template <class List>
	auto one_of(const List& list) {
		return *(std::begin(list) + below(static_cast<unsigned>(std::size(list))));
	}
	call reserve();
	call store();
	call load();

	std::mt19937 engine_;
};

} // namespace hdr_opt
