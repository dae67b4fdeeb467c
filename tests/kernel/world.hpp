// SPDX-License-Identifier: MIT
// An implementation of operations, seen from outside: what it answers, and all that can be observed
// of it afterwards. kernel_world is the machine's kernel, library_world this library.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "operation.hpp"

namespace kernel_diff {

/// What queries tell of one cgroup.
struct cgroup_state {
	int error = 0; ///< of the query: -ENOENT once it is removed; then all else is empty
	std::uint32_t mode = 0;
	std::uint64_t revision = 0;
	std::vector<int> list;      ///< program numbers in list order
	std::vector<int> effective; ///< in run order

	bool operator==(const cgroup_state&) const = default;
};

struct link_state {
	int cgroup = handle::none; ///< none: attached to nothing
	int prog = 0;

	bool operator==(const link_state&) const = default;
};

struct world_state {
	std::map<int, cgroup_state> cgroups;
	std::map<int, link_state> links;         ///< those not closed
	std::map<int, std::vector<int>> sockets; ///< those open: what ran for them, in order

	bool operator==(const world_state&) const = default;
};

std::string in_words(const world_state& state);
/// The parts of `state` that are not the same in `other`.
std::string difference_in_words(const world_state& state, const world_state& other);

/// Which numbers stand for something. Follows from the operations that succeeded.
struct numbering {
	struct folder {
		int parent = handle::none;
		bool removed = false;
	};
	std::map<int, folder> cgroups{{0, {}}};
	std::map<int, bool> links;  ///< closed?
	std::map<int, int> sockets; ///< open ones; the cgroup
	int sockets_ever = 0;

	/// Does it name only what exists, or makes what does not?
	[[nodiscard]] bool possible(const operation& op) const;
	void done(const operation& op);
	[[nodiscard]] bool has_socket(int cgroup) const;
	/// Removed, without sockets, and so are all below.
	[[nodiscard]] bool released(int cgroup) const;
};

class world {
  public:
	virtual ~world() = default;

	/// Cgroup 0 alone, without programs, at revision 1.
	void reset();
	answer apply(const operation& op);
	world_state state();
	[[nodiscard]] const numbering& numbers() const noexcept { return numbers_; }

  protected:
	virtual void start_over() = 0;
	/// Only what numbering::possible() lets through.
	virtual answer carry_out(const operation& op) = 0;
	/// Called after a success, with the numbering as it is now.
	virtual void settle() {}
	virtual link_state look_at_link(int link) = 0;
	/// Fires one hook on the socket: the programs that ran.
	virtual std::vector<int> run(int socket) = 0;

  private:
	cgroup_state look_at_cgroup(int cgroup);

	numbering numbers_;
};

/// One operation on two worlds, and all that can be seen afterwards.
struct mismatch {
	std::size_t step = 0;
	std::string words;
};

/// Applies `op` to both; the difference, if there is any, also between what `expected` lists and what
/// it runs. What `expected` is like then: `*after`.
std::optional<std::string> step_both(world& expected, world& tested, const operation& op,
									 world_state* after = nullptr);

/// Runs a sequence on two worlds from reset(): the first difference, if there is any.
std::optional<mismatch> run_both(world& expected, world& tested, const std::vector<operation>& sequence);

/// Leaves out what the first difference does not need.
std::vector<operation> shrink(world& expected, world& tested, std::vector<operation> sequence);

} // namespace kernel_diff
