// SPDX-License-Identifier: MIT
// What public_examples.py puts into an example of ns-3's besides the adapter: a program that watches all and
// changes nothing, and the nodes that it watches. With SOCKOPS_DISTURB in the environment it disturbs
// instead.
#pragma once

#include <sockops/ns3/ns3.hpp> // before ns-3's own headers

#include <cstdlib>
#include <fstream>

#include <ns3/node-container.h>
#include <ns3/tcp-l4-protocol.h>

#include <sockops/hook/helpers.hpp>

namespace test {

/// Counts calls; at the end of the process the number stands in the file that SOCKOPS_WATCHED names.
struct watched_calls {
	unsigned long count = 0;
	~watched_calls() {
		if (const char* file = std::getenv("SOCKOPS_WATCHED"))
			std::ofstream(file) << count << '\n';
	}
};
inline watched_calls watched;

/// All nodes that have TCP by now.
inline ns3::NodeContainer nodes_with_tcp() {
	const ns3::NodeContainer all = ns3::NodeContainer::GetGlobal();
	ns3::NodeContainer found;
	for (auto node = all.Begin(); node != all.End(); ++node)
		if ((*node)->GetObject<ns3::TcpL4Protocol>())
			found.Add(*node);
	return found;
}

/// One segment more than ns-3 has, once a connection is made.
inline void disturb(sockops::bpf_sock_ops& skops) {
	if (skops.op != sockops::BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB &&
		skops.op != sockops::BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return;
	const int cwnd = static_cast<int>(skops.snd_cwnd) + 1;
	sockops::bpf_setsockopt(skops, sockops::sol::tcp, sockops::TCP_BPF_IW, &cwnd, sizeof cwnd);
}

/// Sets every callback flag that fires here, at every call.
inline sockops::bpf_prog_ptr watcher() {
	return sockops::make_bpf_prog("watcher", [](sockops::bpf_sock_ops& skops) {
		static const bool disturbs = std::getenv("SOCKOPS_DISTURB") != nullptr;
		++watched.count;
		sockops::bpf_sock_ops_cb_flags_set(
			skops, sockops::BPF_SOCK_OPS_RTO_CB_FLAG | sockops::BPF_SOCK_OPS_RETRANS_CB_FLAG |
					   sockops::BPF_SOCK_OPS_STATE_CB_FLAG | sockops::BPF_SOCK_OPS_RTT_CB_FLAG);
		if (disturbs)
			disturb(skops);
		return 1;
	});
}

} // namespace test
