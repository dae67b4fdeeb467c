// SPDX-License-Identifier: MIT
#include "ring_script.hpp"

#include <algorithm>
#include <iterator>

namespace maps_diff {

namespace {

class script_maker {
  public:
	script_maker(std::mt19937_64& random, u64 ring_bytes) : random_(random), ring_(ring_bytes) {}

	ring_script make() {
		for (u64 left = 8 + below(ring_calls - 2 * ring_slots); left != 0; --left)
			add_one();
		while (!open_.empty())
			release();
		return std::move(script_);
	}

  private:
	struct open_record {
		unsigned slot;
		u64 size;
	};

	u64 below(u64 limit) { return random_() % limit; }
	u64 flags() {
		static constexpr u64 all[] = {0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 8, u64{1} << 32, ~u64{0}};
		return all[below(std::size(all))];
	}
	/// Mostly small; or about the ring's size, its half or third, 8 bytes of header counted or not.
	u64 usual_size() {
		if (below(4) != 0)
			return below(below(3) == 0 ? 400 : 40);
		const u64 part = ring_ / (1 + below(4));
		return part - 24 + below(5) * 8 + (below(4) == 0 ? below(8) : 0);
	}
	u64 huge_size() {
		static constexpr u64 all[] = {(1u << 30) - 1, 1u << 30, ~0u - 8, ~0u, u64{1} << 32, ~u64{0}};
		return all[below(std::size(all))];
	}

	void reserve() {
		unsigned slot = 0;
		while (std::any_of(open_.begin(), open_.end(), [&](auto& each) { return each.slot == slot; }))
			++slot;
		const u64 size = below(30) == 0 ? huge_size() : usual_size();
		open_.push_back({slot, size});
		script_.push_back({ring_op::reserve, size, below(25) == 0 ? flags() : 0, slot, 0, 0});
	}
	void release() {
		const auto which = open_.begin() + static_cast<std::ptrdiff_t>(below(open_.size()));
		script_.push_back({below(3) == 0 ? ring_op::discard : ring_op::submit, which->size, flags(),
						   which->slot, 0, static_cast<unsigned char>(random_())});
		open_.erase(which);
	}
	void output() {
		const u64 size = below(20) == 0 ? ring_ * 2 : usual_size();
		script_.push_back({ring_op::output, std::min(size, ring_output_bytes - ring_output_from), flags(), 0,
						   static_cast<unsigned>(below(ring_output_from)), 0});
	}
	void query() {
		static constexpr u64 all[] = {0, 0, 1, 2, 2, 3, 3, 4, 5, u64{1} << 32, ~u64{0}};
		script_.push_back({ring_op::query, 0, all[below(std::size(all))], 0, 0, 0});
	}
	void add_one() {
		const u64 what = below(16);
		if (what < 6 && open_.size() != ring_slots)
			reserve();
		else if (what < 10 && !open_.empty())
			release();
		else if (what < 13)
			output();
		else
			query();
	}

	std::mt19937_64& random_;
	const u64 ring_;
	std::vector<open_record> open_;
	ring_script script_;
};

} // namespace

ring_script random_ring_script(std::mt19937_64& random, u64 ring_bytes) {
	return script_maker(random, ring_bytes).make();
}

std::string in_words(const ring_call& call) {
	static constexpr const char* names[] = {"reserve", "submit", "discard", "output", "query"};
	return std::string(names[static_cast<int>(call.op)]) + " size " + std::to_string(call.size) + " flags " +
		   std::to_string(call.flags) + " slot " + std::to_string(call.slot);
}

std::vector<ring_mark> marks_of(u64 size) {
	if (size == 0 || size > ring_output_bytes / 2)
		return {};
	const u64 bytes = size < 8 ? 1 : 8;
	return {{0, bytes}, {size - bytes, bytes}};
}

} // namespace maps_diff
