// SPDX-License-Identifier: MIT
// struct object_options: what an object is opened with beside its file.
//
//     bpf_object::load_file("tune.bpf.o", {.hz = in.profile.hz, .kconfig = {{"CONFIG_IPV6", "y"}}})
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sockops/kern/containers.hpp>
#include <sockops/kern/kernel_release.hpp>
#include <sockops/kern/types.hpp>
#include <sockops/object/kconfig.hpp>
#include <sockops/vm/watch.hpp>

namespace sockops {

class bpf_pins;

/// What runs of a program in C.
enum class program_form : u8 {
	interpreted, ///< the object file's instructions
	native       ///< the same source, compiled for this machine and linked: native/native_object.hpp
};

struct object_options {
	/// CONFIG_HZ, jiffies a second: that of the net which the programs are for (net_profile::hz).
	u32 hz = 250;
	/// What other `extern … __kconfig` variables are; a CONFIG_HZ here goes before `hz`. One that is not here
	/// is an error at load(), unless it is __weak: then it is 0. LINUX_KERNEL_VERSION is that of `kernel`.
	sockops::kconfig kconfig{};
	/// Where maps that are pinned by name are shared; it outlives load(). nullptr: each object has its own.
	bpf_pins* pins = nullptr;
	/// The sock_ops programs to load, and those that their PROG_ARRAYs begin with; others are left out with
	/// all that only they need. Empty: all.
	std::vector<std::string> programs{};
	/// nullopt: interpreted; of testing::object_test what the environment says (SOCKOPS_NATIVE).
	std::optional<program_form> form{};
	/// Programs are watched (vm/watch.hpp): they count what they run through, and tell of bytes that nobody
	/// wrote. nullopt: they are not, but those of testing::object_test are. Natively nothing is watched.
	std::optional<bpf_watch_options> watch{};
	/// As this release would: what is younger is refused by load(), CO-RE finds that it is not there, and
	/// LINUX_KERNEL_VERSION is its. For the net that the programs are for, profile_of() of the same (bpf/
	/// release.hpp).
	kernel_release kernel = modelled_release;
	/// Programs are loaded that a kernel would refuse: a run that comes to what is wrong is stopped there.
	/// What has no meaning at all, and what this library has not, is refused all the same.
	bool unchecked = false;
};

} // namespace sockops
