// SPDX-License-Identifier: MIT
#include "step_makers.hpp"

namespace traces {

using namespace make;

namespace {

/// Both programs set SK_BPF_CB_FLAGS when the connection is established.
scenario that_stamps(scenario one, bool stamps) {
	one.what.client.options = {{active_established, SOL_SOCKET, sk_bpf_cb_flags, 1}};
	one.what.server.options = {{passive_established, SOL_SOCKET, sk_bpf_cb_flags, 1}};
	one.what.client.stamps_sends = one.what.server.stamps_sends = stamps;
	return one;
}

} // namespace

std::vector<scenario> option_scenarios() {
	std::vector<scenario> all;
	all.push_back(that_stamps(of("sendmsg", "Both programs turn TSTAMP_SENDMSG_CB on.", 0, plain()), false));
	all.push_back(
		that_stamps(of("sendmsg_all_flags", "Both programs turn TSTAMP_SENDMSG_CB on, with all other calls.",
					   all_flags, plain()),
					false));
	all.push_back(
		that_stamps(of("sendmsg_three_times", "Three calls of send().", 0,
					   established() + steps{send(100ms, side::client, 100, 3), server(100ms, action::read)} +
						   client_closes_first()),
					false));
	all.push_back(
		that_stamps(of("stamped", "Both programs ask for timestamps of each send().", 0, plain()), true));
	all.push_back(that_stamps(of("stamped_all_flags",
								 "Both programs ask for timestamps of each send(), with all other calls.",
								 all_flags, plain()),
							  true));
	return all;
}

} // namespace traces
