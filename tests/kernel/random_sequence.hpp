// SPDX-License-Identifier: MIT
// Sequences of operations by chance, on a tree that grows and shrinks: the same for the same seed.
#pragma once

#include <random>
#include <vector>

#include "world.hpp"

namespace kernel_diff {

class random_sequence {
  public:
	explicit random_sequence(std::uint64_t seed);

	/// The operations with which the sequence begins: a first tree.
	std::vector<operation> beginning();
	/// The next one, for a world that is now like this.
	operation next(const numbering& numbers, const world_state& now);

  private:
	unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }
	bool chance(unsigned percent) { return below(100) < percent; }
	/// A key of a non-empty map.
	template <class Map>
	int one_of(const Map& map);

	int some_cgroup(const numbering& numbers, const world_state& now);
	int some_prog();
	int some_handle(int usually);
	int attached_prog(const world_state& now, int cgroup);
	void some_revision(operation& op, const world_state& now);
	void some_anchor(operation& op, const numbering& numbers, const world_state& now);
	std::uint32_t some_position();

	operation mkdir(const numbering& numbers, const world_state& now);
	operation rmdir(const numbering& numbers, const world_state& now);
	operation attach(const numbering& numbers, const world_state& now);
	operation detach(const numbering& numbers, const world_state& now);
	operation link_create(const numbering& numbers, const world_state& now);
	operation link_update(const numbering& numbers, const world_state& now);
	operation query(const numbering& numbers, const world_state& now);
	operation on_link(op_kind kind, const numbering& numbers);

	std::mt19937_64 random_;
	int cgroup_limit_; ///< 4 to 10
};

/// Operations of one sequence after its beginning.
inline constexpr int sequence_length = 60;

/// Runs a sequence made from `seed` on both worlds: the first difference. Adds what it did to `done`.
std::optional<mismatch> run_random(world& expected, world& tested, std::uint64_t seed,
								   std::vector<operation>& done);

} // namespace kernel_diff
