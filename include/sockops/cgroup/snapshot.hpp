// SPDX-License-Identifier: MIT
// A tree as it is at one moment, to look at or to print (trace/format.hpp).
//
// Context: any thread that keeps the cgroup; takes cgroup_mutex and memory. Not from a signal handler.
#pragma once

#include <string>
#include <vector>

#include <sockops/cgroup/cgroup.hpp>
#include <sockops/kern/containers.hpp>

namespace sockops {

struct cgroup_snapshot {
	struct attachment {
		std::string prog;
		u32 prog_id;
		u32 link_id; ///< 0: attached directly
		u32 flags;   ///< attach_flags
	};

	std::string name; ///< "" for a root
	u64 id;
	bool online; ///< false: removed, and something still holds it
	u32 mode;    ///< of the list, if it is not empty
	u64 revision;
	std::vector<attachment> attached;   ///< in list order
	std::vector<std::string> effective; ///< names in run order
	std::vector<cgroup_snapshot> children;
};

/// The cgroup and all below it, under the lock. Throws what std::vector does.
[[nodiscard]] cgroup_snapshot snapshot(cgroup& from, cgroup_bpf_attach_type type = CGROUP_SOCK_OPS);

} // namespace sockops
