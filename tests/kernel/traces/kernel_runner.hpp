// SPDX-License-Identifier: MIT
// Plays a timeline with sockets of this machine's kernel, on `lo` of a private network namespace, and
// says which calls the sock_ops programs of both sides saw.
#pragma once

#include <string>
#include <vector>

#include "../cgroup_folder.hpp"
#include "call.hpp"
#include "timeline_files.hpp"

namespace traces {

/// What a run gave: one interval for each event, or what went wrong.
struct played {
	trace seen;
	std::string error;
};

/// Owns two cgroups. Each run has a network namespace of its own. Several runners may run at the same
/// time; one runner plays one timeline at a time.
class kernel_runner {
  public:
	kernel_runner();

	/// Why the kernel cannot be used here, in words; "" if it can.
	[[nodiscard]] const std::string& unusable() const noexcept { return unusable_; }
	/// Takes as long as its events do.
	played play(const timeline& what);

  private:
	std::string prepare();

	std::string unusable_;
	kernel_diff::cgroup_folder folder_;
	kernel_diff::owned_fd cgroups_[2];
};

/// Plays all, several at the same time. In the same order; each with its own error.
std::vector<played> play_all(const std::vector<named_timeline>& all);

} // namespace traces
