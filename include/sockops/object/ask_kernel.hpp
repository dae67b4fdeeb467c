// SPDX-License-Identifier: MIT
// What the kernel of this machine says of an object's sock_ops programs: they are loaded into it, one after
// the other, and let go again. Nothing is attached or pinned; maps have at most 4,096 entries meanwhile, so
// that an ARRAY's element beyond them is one that it does not know.
//
//     bpf_object object = bpf_object::open_file("tune.bpf.o");
//     for (const kernel_answer& each : ask_kernel(object))
//         std::printf("%s: %s\n", each.program.c_str(), each.taken() ? "taken" : each.words.c_str());
//
// It needs root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON; without the last one a kernel refuses more. The
// rules are those of running_kernel(), whichever that is: object_check.hpp has those of the one that is
// modelled.
//
// Context: as bpf_object's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sockops/kern/containers.hpp>
#include <sockops/object/bpf_object.hpp>
#include <sockops/vm/prog_load.hpp>

namespace sockops {

struct kernel_answer {
	std::string program, section;
	/// False: the program is kept from it, as it would do the kernel itself no good; `words` say why, and
	/// `error` is ECANCELED.
	bool asked = true;
	int error = 0;           ///< errno, positive; 0: it is taken
	std::string words;       ///< why not, as its log ends
	std::optional<u32> insn; ///< the instruction that it came to last
	bpf_source_line line{};  ///< that one's; its number is 0 if it is not known
	u64 processed = 0;       ///< how many instructions it has looked at; 0: it does not say
	std::string log;         ///< all that it wrote; of a program that is taken, numbers alone

	/// Does the kernel take it?
	[[nodiscard]] bool taken() const noexcept { return error == 0; }
};

/// Of an object that is open, in the order of its programs; globals that have been set count. Afterwards it
/// is neither loaded nor to be loaded. CO-RE goes against that kernel's types, and options of its
/// configuration that object_options::kconfig has not are its own. Throws object_error: with EPERM or EACCES
/// where programs may not be loaded, otherwise where it does not come to the programs.
[[nodiscard]] std::vector<kernel_answer> ask_kernel(bpf_object& object);

/// "6.18.44": the kernel that is asked.
[[nodiscard]] std::string running_kernel();

} // namespace sockops
