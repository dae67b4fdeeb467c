// SPDX-License-Identifier: MIT
// The sockets that ops of a timeline are fired on: in a net of their own, in the timeline's time.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <utility>

#include <sockops/bpf/bpf_fault.hpp>
#include <sockops/bpf/bpf_finding.hpp>
#include <sockops/cgroup/cgroup.hpp>
#include <sockops/cgroup/sock_life.hpp>
#include <sockops/testing/fire.hpp>
#include <sockops/testing/timeline.hpp>

#include "model/clock.hpp"
#include "test_segment.hpp"

namespace sockops::testing::model {

class fire_sockets final : private net_observer {
  public:
	/// `cookies`: whose sockets have others than these. All outlive it.
	fire_sockets(const cgroup_root& world, virtual_clock& clock, net& cookies);

	net& in() noexcept { return net_; }

	/// The socket that the op is fired on, made if it is not there.
	sock_common& socket_of(const timeline_fire& what);
	/// Fires it.
	fired fire(const timeline_fire& what, sock_common& on);
	/// Of the op that was fired last.
	std::vector<bpf_fault> take_faults() { return std::exchange(faults_, {}); }
	std::vector<bpf_finding> take_findings() { return std::exchange(findings_, {}); }

  private:
	bool fault(const bpf_fault& what) override {
		faults_.push_back(what);
		return true;
	}
	bool finding(const bpf_finding& what) override {
		findings_.push_back(what);
		return true;
	}
	tcp_sock& make_socket(const socket_fields& fields);
	request_sock& make_request(const socket_fields& fields);
	tcp_sock& make_child(const timeline_fire& what);

	const cgroup_root& world_;
	net net_;
	const net_watch watching_;
	std::vector<bpf_fault> faults_;
	std::vector<bpf_finding> findings_;
	std::list<scoped_tcp_sock> sockets_;
	std::list<request_sock> requests_;
	std::map<const request_sock*, tcp_sock*> listeners_;
	std::map<std::string, sock_common*> by_name_;
};

} // namespace sockops::testing::model
