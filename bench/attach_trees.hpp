// SPDX-License-Identifier: MIT
// The same tree in the library and in the machine's kernel: one cgroup to attach to, N below it
// that hold no programs, and 33 programs. Elsewhere one program stays attached, so that the static
// key does not change: the kernel patches its own code for that, which costs it 100 us.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sockops/sockops.hpp>

namespace bench {

inline constexpr int attach_programs = 33;

class library_tree {
  public:
	explicit library_tree(int descendants);
	~library_tree();
	void attach(int number) noexcept;
	void detach(int number) noexcept;
	/// Leaves below with a program of their own.
	void attach_to_leaves() noexcept;

  private:
	sockops::cgroup_root root_;
	sockops::cgroup& top_;
	std::vector<sockops::cgroup*> leaves_;
	std::vector<sockops::bpf_prog_ptr> programs_;
};

/// Absent where the kernel grants no cgroup2 or bpf(2): make() says why.
class kernel_tree {
  public:
	static std::unique_ptr<kernel_tree> make(int descendants, std::string& why_not);
	~kernel_tree();
	void attach(int number) noexcept;
	void detach(int number) noexcept;
	void attach_to_leaves() noexcept;
	/// What it costs to ask at all: a flag that does not exist.
	void fail_on_a_bad_flag() noexcept;

  private:
	struct state;
	explicit kernel_tree(std::unique_ptr<state> made);
	std::unique_ptr<state> state_;
};

} // namespace bench
