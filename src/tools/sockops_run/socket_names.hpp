// SPDX-License-Identifier: MIT
// What the sockets of a timeline are called: "client's socket", "server's listener", "server's child".
#pragma once

#include <map>
#include <string>

#include <sockops/testing/timeline.hpp>
#include <sockops/trace/trace.hpp>

namespace sockops_run {

class socket_names {
  public:
	/// A call of a full socket: the first one says what it is.
	void saw(sockops::testing::side who, const sockops::trace_call& call) {
		if (!call.is_fullsock || names_.contains(call.sk))
			return;
		const char* const what = call.op == sockops::BPF_SOCK_OPS_TCP_LISTEN_CB    ? "'s listener"
								 : call.op == sockops::BPF_SOCK_OPS_TCP_CONNECT_CB ? "'s socket"
																				   : "'s child";
		std::string name = sockops::testing::side_name(who);
		name += what;
		const unsigned number = ++count_[name];
		if (number != 1)
			(name += ' ') += std::to_string(number);
		names_.emplace(call.sk, std::move(name));
	}
	[[nodiscard]] std::string of(const sockops::sock_common& sk) const {
		const auto found = names_.find(&sk);
		return found == names_.end() ? "a socket" : found->second;
	}
	void forget(const sockops::sock_common& sk) { names_.erase(&sk); }

  private:
	std::map<const sockops::sock_common*, std::string> names_;
	std::map<std::string, unsigned> count_;
};

} // namespace sockops_run
