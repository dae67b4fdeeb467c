// SPDX-License-Identifier: MIT
// Plays a timeline on two nodes of ns-3: the events that applications of ns-3 can cause.
#pragma once

#include "../wire/linked_nodes.hpp"
#include "stack_log.hpp"
#include "../wire/wire_segment.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include <sockops/net/observer.hpp>
#include <sockops/testing/timeline.hpp>

namespace test {

class timeline_in_ns3 final : sockops::net_observer {
  public:
	static constexpr uint16_t client_port = 20817, server_port = 20816; ///< as in the small TCP

	/// `attributes`: what the script sets besides what makes ns-3's times those of Linux.
	timeline_in_ns3(sockops::testing::timeline what, const std::map<std::string, std::string>& attributes,
					stack_log& log);
	~timeline_in_ns3();

	ns3::SockOpsHelper& hook() { return hook_; }
	const ns3::NodeContainer& nodes() const { return world_->nodes; }
	/// Throws std::logic_error for an event that there is no way to cause.
	void run();

  private:
	struct losing {
		uint32_t pass, count;
	};

	void perform(const sockops::testing::timeline_event& event);
	void listen();
	void connect(sockops::testing::side who);
	void close(sockops::testing::side who);
	ns3::Ptr<ns3::Socket> connection(sockops::testing::side who) const;
	bool is_lost(const segment& what);
	static sockops::testing::side side_of(const sockops::sock_common& sk);

	void called(const sockops::trace_call& call) override { log_.called(side_of(*call.sk), call); }
	void option_set(const sockops::set_option& what) override {
		log_.option_set(sockops::testing::make_option_call(what));
	}

	const sockops::testing::timeline what_;
	stack_log& log_;
	std::optional<linked_nodes> world_;
	ns3::SockOpsHelper hook_;
	std::optional<sockops::net_watch> watching_;
	ns3::Ptr<ns3::Socket> client_, listener_, accepted_;
	std::map<std::pair<bool, sockops::testing::packet_kind>, losing> losses_; ///< by: from the client?
};

} // namespace test
