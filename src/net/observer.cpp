// SPDX-License-Identifier: MIT
// The list of a net's observers, and what they do who do nothing.

#include <sockops/net/observer.hpp>

#include <sockops/net/net.hpp>

namespace sockops {

void net_observer::called(const trace_call&) {}
void net_observer::withheld(const trace_call&) {}
void net_observer::option_set(const set_option&) {}
bool net_observer::printk(const char*) { return false; }
bool net_observer::fault(const bpf_fault&) { return false; }
bool net_observer::finding(const bpf_finding&) { return false; }

net_watch::net_watch(net& in, net_observer& who) noexcept : in_(in), observer_(who) {
	net_watch** last = &in.observers;
	while (*last)
		last = &(*last)->next_;
	*last = this;
}

net_watch::~net_watch() {
	net_watch** at = &in_.observers;
	while (*at != this)
		at = &(*at)->next_;
	*at = next_;
}

} // namespace sockops
