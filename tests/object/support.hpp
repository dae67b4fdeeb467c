// SPDX-License-Identifier: MIT
// A socket in a cgroup to fire programs of objects on.
#pragma once

#include <algorithm>

#include <gtest/gtest.h>

#include <sockops/object/bpf_object.hpp>
#include <sockops/object/map_view.hpp>
#include <sockops/sockops.hpp>

namespace sockops {

struct object_world {
	net in;
	cgroup_root root;
	scoped_tcp_sock sk{in, *root};

	/// Calls the op with `prog` attached; the reply, as tcp_call_bpf() gives it.
	int fire(const bpf_prog_ptr& prog, u8 op = BPF_SOCK_OPS_TCP_CONNECT_CB) {
		EXPECT_EQ(cgroup_bpf_attach(*root, prog), 0);
		const int reply = tcp_call_bpf(&static_cast<tcp_sock&>(sk), op, 0, nullptr);
		EXPECT_EQ(cgroup_bpf_detach(*root, prog.get()), 0);
		return reply;
	}
};

inline bool has_notice(const bpf_object& object, const std::string& notice) {
	return std::ranges::find(object.notices(), notice) != object.notices().end();
}

[[nodiscard]] inline std::vector<std::string> texts_of(const std::vector<object_notice>& all) {
	std::vector<std::string> texts;
	for (const object_notice& each : all)
		texts.push_back(each.text);
	return texts;
}

/// What object_error says of `action`; "" if it throws none.
template <class Action>
std::string error_of(Action action) {
	try {
		action();
	} catch (const object_error& failure) {
		EXPECT_GT(failure.error, 0) << failure.what();
		return failure.what();
	}
	return {};
}

} // namespace sockops
