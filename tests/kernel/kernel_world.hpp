// SPDX-License-Identifier: MIT
// The machine's kernel as a world: real cgroups, SOCK_OPS programs, links and TCP sockets.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "cgroup_folder.hpp"
#include "world.hpp"

namespace kernel_diff {

/// Loads programs once; cgroups are made afresh by each reset().
class kernel_world final : public world {
  public:
	kernel_world();
	~kernel_world() override;

	/// Why it cannot be used here, in words; "" if it can.
	[[nodiscard]] const std::string& unusable() const noexcept { return unusable_; }
	[[nodiscard]] const cgroup_folder& folder() const noexcept { return folder_; }

  private:
	struct cgroup {
		owned_fd directory;
		std::string name; ///< within the folder
		std::uint64_t id = 0;
	};
	struct loaded {
		owned_fd fd;
		std::uint32_t id = 0;
	};

	void start_over() override;
	answer carry_out(const operation& op) override;
	void settle() override;
	link_state look_at_link(int link) override;
	std::vector<int> run(int socket) override;

	std::string load_programs();
	std::string try_features();
	std::uint32_t other_fd(int which) const;
	std::uint32_t prog_fd(int prog) const;
	std::uint32_t cgroup_fd(int number) const;
	std::uint32_t link_fd(int link) const;
	std::uint32_t relative(const operation& op) const;
	int number_of(std::uint32_t prog_id) const;

	answer attach(const operation& op, abi::command command);
	answer link_create(const operation& op);
	answer link_update(const operation& op);
	answer query(const operation& op);
	int make_cgroup(int number, int parent);
	int remove_cgroup(int number);
	void remove_all();
	int open_socket(const operation& op);

	std::string unusable_;
	cgroup_folder folder_;
	run_log log_;
	loaded progs_[prog_numbers];
	owned_fd other_object_, other_type_;
	std::unordered_map<std::uint32_t, int> prog_numbers_; ///< by id
	unsigned long trees_ = 0;

	std::map<int, cgroup> cgroups_;
	std::map<std::uint64_t, int> cgroup_numbers_; ///< by id
	std::map<int, owned_fd> links_;
	std::map<int, std::uint32_t> link_ids_;
	std::map<int, owned_fd> sockets_;
};

/// A socket that belongs to a cgroup for good: made by a child process that is born in it. An fd of
/// this process, or -errno.
int open_socket_in(int cgroup_fd);

} // namespace kernel_diff
