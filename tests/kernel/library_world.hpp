// SPDX-License-Identifier: MIT
// This library as a world. It speaks of objects where the kernel speaks of handles: a thin layer
// here answers what only handles can get wrong, in the kernel's order of checks.
#pragma once

#include <map>
#include <memory>

#include <sockops/sockops.hpp>

#include "world.hpp"

namespace kernel_diff {

class library_world final : public world {
  public:
	library_world();
	~library_world() override;

	/// The rule by which the last operation was refused, or granted.
	[[nodiscard]] sockops::attach_rule last_rule() const noexcept { return last_rule_; }

  private:
	void start_over() override;
	answer carry_out(const operation& op) override;
	link_state look_at_link(int link) override;
	std::vector<int> run(int socket) override;

	int attach_handle_error(const operation& op) const;
	answer attach(const operation& op);
	answer detach(const operation& op);
	answer link_create(const operation& op);
	answer link_update(const operation& op);
	answer link_update_other_type(const operation& op, const sockops::bpf_prog* old);
	answer query(const operation& op);
	int make_cgroup(int number, int parent);
	int remove_cgroup(int number);
	int open_socket(const operation& op);
	void remove_all();

	answer told(const sockops::attach_error& error);
	/// The cgroup if it can be spoken to: not once it is removed, unless a socket keeps it.
	sockops::cgroup* reachable(int number) const;
	sockops::cgroup* find_cgroup(int number) const;
	sockops::bpf_cgroup_link* find_link(int number) const;
	sockops::bpf_attach_opts options(const operation& op) const;
	sockops::bpf_attach_anchor anchor(const operation& op) const;
	int number_of(const sockops::bpf_prog* prog) const;

	std::vector<int> ran_;
	sockops::attach_rule last_rule_{};
	sockops::bpf_prog_ptr progs_[prog_numbers];
	sockops::bpf_prog_ptr stranger_;            ///< that no operation can name
	std::map<std::uint32_t, int> prog_numbers_; ///< by id

	sockops::net net_;
	std::unique_ptr<sockops::cgroup_root> root_;
	std::map<int, sockops::cgroup*> cgroups_;
	std::map<std::uint64_t, int> cgroup_numbers_; ///< by id
	std::map<int, sockops::bpf_link> links_;
	std::map<int, std::uint32_t> link_ids_;
	std::map<int, std::unique_ptr<sockops::scoped_tcp_sock>> sockets_;
};

} // namespace kernel_diff
