// SPDX-License-Identifier: MIT
// The program that is looked at, and what the parts of a check have in common: identities for what programs
// hold, the log of ways, and what was not looked at.
#pragma once

#include <memory>
#include <set>

#include "../calculator.hpp"
#include "../load_check.hpp"
#include "path.hpp"
#include "way_log.hpp"

namespace sockops::vm::check {

/// What is wrong; nullptr: nothing. One word, as nearly nothing ever is.
using objection = std::unique_ptr<refusal>;

struct subject {
	const bpf_prog_load_attr& attr;
	const program_structure& structure;
	calculator calculate{};
	way_log log{};
	std::vector<bpf_not_looked_at> left{};
	/// By instruction: what its pointer led to when it was first looked at.
	std::vector<holds> leads_to;
	/// First instructions of global functions that are called, to be looked at by themselves.
	std::set<u32> global_functions{};

	subject(const bpf_prog_load_attr& of, const program_structure& as)
		: attr(of), structure(as), leads_to(of.insns.size(), holds::unset) {}

	/// Of all pointers to the packet's begin: a kernel knows that they are the same.
	static constexpr u32 id_of_packets = 1;
	u32 new_id() noexcept { return ++last_id_; }
	const bpf_map_attr& map(u32 index) const noexcept { return attr.maps[index].get()->attr; }
	/// The function that begins at an instruction; nullptr: it has no types.
	const bpf_function* function_at(u32 insn) const noexcept {
		for (const bpf_function& each : attr.functions)
			if (each.insn == insn)
				return &each;
		return nullptr;
	}

	/// The way ends here, and what it would lead to has not been looked at.
	void leave(path& on, std::string why);

  private:
	u32 last_id_ = id_of_packets;
};

/// A number that is to be copied: what is learnt of it is learnt of its copies.
inline void give_identity(subject& of, known& value) noexcept {
	value.id = of.new_id();
	value.fixed = 0;
	value.by_half = false;
}

} // namespace sockops::vm::check
