// SPDX-License-Identifier: MIT
#include "recording.hpp"

namespace kernel_diff {

bool has_key(op_kind kind, recorded_key key) noexcept {
	using enum op_kind;
	const bool attaches = kind == attach || kind == detach || kind == link_create;
	switch (key) {
	case recorded_key::cgroup:
		return attaches || kind == mkdir || kind == rmdir || kind == query || kind == socket_open;
	case recorded_key::parent:
		return kind == mkdir;
	case recorded_key::link:
		return kind == link_create || kind == link_update || kind == link_detach || kind == link_close;
	case recorded_key::socket:
		return kind == socket_open || kind == socket_close;
	case recorded_key::prog:
	case recorded_key::flags:
		return attaches || kind == link_update;
	case recorded_key::replace:
		return kind == attach;
	case recorded_key::old_prog:
		return kind == link_update;
	case recorded_key::beside:
	case recorded_key::expected_revision:
		return attaches;
	case recorded_key::query_flags:
	case recorded_key::capacity:
	case recorded_key::with_attach_flags:
	case recorded_key::without_ids:
		return kind == query;
	}
	return false;
}

world_state new_tree() {
	world_state state;
	state.cgroups[0].revision = 1;
	return state;
}

world_state recorded_tree::start() const { return steps.empty() ? new_tree() : steps.back().now; }

} // namespace kernel_diff
