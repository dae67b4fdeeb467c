// SPDX-License-Identifier: MIT
// A cgroup of this test's own, under which it makes all others. It is removed with all below it at
// the end, by a guardian process if the test is killed, and by the next run if that is killed too.
#pragma once

#include <string>

#include "bpf_calls.hpp"

namespace kernel_diff {

class cgroup_folder {
  public:
	/// Makes <cgroup2>/sockops-test-<pid>-<random>; error() says what went wrong, "" if nothing.
	cgroup_folder();
	~cgroup_folder();
	cgroup_folder(const cgroup_folder&) = delete;
	cgroup_folder& operator=(const cgroup_folder&) = delete;

	[[nodiscard]] const std::string& error() const noexcept { return error_; }
	[[nodiscard]] const std::string& path() const noexcept { return path_; }
	[[nodiscard]] int fd() const noexcept { return directory_.get(); }

  private:
	bool make();
	void start_guardian();

	std::string error_, path_;
	owned_fd directory_, guardian_; ///< the guardian acts when the latter is closed
};

/// Where cgroup2 is mounted; "" if it is not.
std::string find_cgroup2();

} // namespace kernel_diff
