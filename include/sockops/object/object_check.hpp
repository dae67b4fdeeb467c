// SPDX-License-Identifier: MIT
// Will a kernel take it? Each sock_ops program of an object is looked at as bpf_object::load() does, and
// nothing is attached or run: all verdicts are told, not only the first refusal.
//
//     for (const program_verdict& each : check_file("tune.bpf.o"))
//         if (each.refused)
//             std::puts(each.refused->message.c_str());
//
// The kernel of this machine can be asked for its own verdict, where that is allowed.
//
// Context: as bpf_object's.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sockops/kern/containers.hpp>
#include <sockops/object/bpf_object.hpp>
#include <sockops/object/object_options.hpp>
#include <sockops/vm/prog_load.hpp>

namespace sockops {

struct program_verdict {
	std::string program, section;
	std::optional<bpf_load_error> refused; ///< nullopt: it is taken
	/// Taken without having been looked at: a kernel may refuse it for that.
	std::vector<bpf_not_looked_at> not_looked_at;
};

/// Those of an object that is open, in the order of its programs: globals that have been set count, so may
/// decide what is reached. Afterwards it is neither loaded nor to be loaded, and its notices() are those of
/// load(). Throws object_error where it is not a program that is wrong: a map, an option that has no value.
/// object_options::unchecked has no say here.
[[nodiscard]] std::vector<program_verdict> check_opened(bpf_object& object);
/// Of a file, or of bytes with a name for messages.
[[nodiscard]] std::vector<program_verdict> check_file(const std::string& path,
													  const object_options& with = {});
[[nodiscard]] std::vector<program_verdict>
check_memory(std::span<const std::byte> elf, const std::string& name, const object_options& with = {});

} // namespace sockops
