// SPDX-License-Identifier: MIT
// A release of Linux as one type: how it runs an array of programs (bpf/run_policy.hpp), and the profile of
// the nets in which its rules hold (net/net.hpp). A stack names one where it is put together, and makes its
// nets by the same:
//
//     using hook = tcp_hook<release_6_18>;
//     net in(release_6_18::profile);
//
// A net that is made without a profile is of 6.18; profile_of() makes those of all releases in between.
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <sockops/bpf/run_policy.hpp>
#include <sockops/bpf/uapi.hpp>
#include <sockops/net/net.hpp>

namespace sockops {

/// Linux 4.19 to 5.0: the text that the hook's macros were taken from, and the default.
struct release_text : run_policy_4_19 {
	static constexpr net_profile profile = net_profile::linux_5_0();
};

/// Linux 5.1/5.2 to 5.6: the leave is a scheduling point.
struct release_5_2 : run_policy_5_2 {
	static constexpr net_profile profile = net_profile::linux_5_0();
};

struct release_6_18 : run_policy_6_1 {
	static constexpr net_profile profile = net_profile::linux_6_18();
};

using default_release = release_text;

/// The profile of the nets of a release, by what is known of it; `kernel` from first_release to
/// modelled_release.
///   TIMEOUT_INIT's clamp     since about 5.14: the public records do not say which release had it first
///   RTT_CB's arguments       since 6.10
///   flags, ops, options      by their tables
/// How programs are run is no part of it: all run policies agree on returns of 0 and 1, and a program of
/// bpf_prog_load() returns no other.
constexpr net_profile profile_of(kernel_release kernel) noexcept {
	net_profile made;
	made.clamp_timeout_init = kernel >= release(5, 14);
	made.rtt_cb_args = kernel >= release(6, 10);
	made.cb_flags = cb_flags_of(kernel);
	made.kernel = kernel;
	return made;
}
static_assert(net_profile{}.cb_flags == cb_flags_of(modelled_release));

} // namespace sockops
