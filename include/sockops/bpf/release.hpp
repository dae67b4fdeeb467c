// SPDX-License-Identifier: MIT
// A release of Linux as one type: how it runs an array of programs (bpf/run_policy.hpp), and the profile of
// the nets in which its rules hold (net/net.hpp). A stack names one where it is put together, and makes its
// nets by the same:
//
//     using hook = tcp_hook<release_6_18>;
//     net in(release_6_18::profile);
//
// A net that is made without a profile is of 6.18.
#pragma once

#include <sockops/bpf/run_policy.hpp>
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

} // namespace sockops
