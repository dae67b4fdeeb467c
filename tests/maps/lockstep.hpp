// SPDX-License-Identifier: MIT
// The same random calls on a map of the kernel's and on one of the library's.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "kernel_map.hpp"

namespace maps_diff {

struct diff_result {
	unsigned long cases = 0, mismatches = 0;
	std::vector<std::string> first; ///< the first few, in words

	void count(bool same, const auto& words) {
		++cases;
		if (!same && ++mismatches <= 20)
			first.push_back(words());
	}
};

using bytes = std::vector<std::byte>;

class lockstep {
  public:
	lockstep(const sockops::bpf_map_attr& attr, std::uint64_t seed, diff_result& result);
	/// Was it made in both? (If only in one, that is counted.)
	bool made() const noexcept { return made_; }
	/// So many random calls, and now and then all keys and values.
	void run(unsigned calls);

  private:
	void step();
	void update();
	void lookup(const bytes& key);
	/// Looks up and deletes.
	void take();
	void erase();
	void next_key();
	void compare_all();
	void compare_values(long kernel_error, long here_error, const bytes& kernel, const bytes& here,
						const char* call, const bytes& key, u64 flags);
	void compare(long kernel, long here, const char* call, const bytes& key, u64 flags);

	u64 random(u64 below) { return random_() % below; }
	u64 random_lookup_flags();
	bytes random_key();
	bytes random_value();
	bool is_array() const noexcept;
	bool is_percpu() const noexcept;
	u32 words_of_cpu() const noexcept { return (attr_.value_size + 7) / 8 * 8; }
	/// The library's form of a PERCPU value of the kernel's, which has fewer CPUs: 0 for the rest.
	bytes widened(const bytes& value) const;

	sockops::bpf_map_attr attr_;
	std::mt19937_64 random_;
	diff_result& result_;
	kernel_map there_;
	sockops::bpf_map_ptr here_;
	bool made_ = false;
};

/// What a call says of a map, for a message.
std::string in_words(const sockops::bpf_map_attr& attr);

} // namespace maps_diff
