// SPDX-License-Identifier: MIT
// What one implementation answered, kept as JSON so that others can be held to it. recorded/FORMAT.md
// describes the format.
#pragma once

#include <string>
#include <vector>

#include "world.hpp"

namespace kernel_diff {

struct recorded_step {
	operation op;
	answer got;
	world_state now; ///< after it
};

/// Steps one after the other on a new tree; then cases, each alone, on the tree that the steps left.
struct recorded_tree {
	std::string name;
	std::vector<recorded_step> steps, cases;

	/// Before the first case.
	[[nodiscard]] world_state start() const;
};

/// What a new tree looks like.
world_state new_tree();

/// false if the file cannot be written.
bool write_recording(const std::string& path, const std::string& recorded_on,
					 const std::vector<recorded_tree>& trees);

/// `error` says what is wrong and where; then the trees are of no use.
std::vector<recorded_tree> read_recording(const std::string& path, std::string& error);

/// A field of an operation in the file: its key there, and which operations have it.
enum class recorded_key : std::uint8_t {
	cgroup,
	parent,
	link,
	socket,
	prog,
	replace,
	old_prog,
	beside,
	flags,
	query_flags,
	expected_revision,
	capacity,
	with_attach_flags,
	without_ids,
};
[[nodiscard]] bool has_key(op_kind kind, recorded_key key) noexcept;

} // namespace kernel_diff
