// SPDX-License-Identifier: MIT
// Plays a timeline with sockets of this machine's kernel, on `lo` of a private network namespace, and
// says which calls the sock_ops programs of both sides saw.
#pragma once

#include <functional>
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

/// What else happens in a run. begin and end say what went wrong, in words; "" if nothing.
struct companion {
	/// Before anything is played. `cgroup`: the parent of both sides'; a program attached there with
	/// BPF_F_ALLOW_MULTI runs for both, after those that write down the calls.
	std::function<std::string(int cgroup)> begin = {};
	/// Before each event, by its index.
	std::function<void(std::size_t event)> before = {};
	/// After the last event, while the sockets are still as it left them.
	std::function<std::string()> end = {};
};

/// Owns two cgroups. Each run has a network namespace of its own. Several runners may run at the same
/// time; one runner plays one timeline at a time.
class kernel_runner {
  public:
	kernel_runner();

	/// Why the kernel cannot be used here, in words; "" if it can.
	[[nodiscard]] const std::string& unusable() const noexcept { return unusable_; }
	/// Takes as long as its events do.
	played play(const timeline& what) { return play(what, {}); }
	played play(const timeline& what, const companion& with);

  private:
	std::string prepare();

	std::string unusable_;
	kernel_diff::cgroup_folder folder_;
	kernel_diff::owned_fd cgroups_[2];
};

/// Plays all, several at the same time. In the same order; each with its own error.
std::vector<played> play_all(const std::vector<named_timeline>& all);

} // namespace traces
