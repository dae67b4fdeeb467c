// SPDX-License-Identifier: MIT
// Instructions by which libbpf marks what it could not relocate: calls of helpers that nobody has. They may
// stand where no program comes; a reachable one for a map is refused, one for CO-RE is where a run ends.
//
// The numbers are libbpf's own, those of 1.0 to 1.7.
#pragma once

#include <optional>

#include <sockops/vm/insn.hpp>

namespace sockops::object {

[[nodiscard]] inline bool is_helper_call(bpf_insn insn) noexcept {
	return insn.code == (insn_class::jmp | jmp_op::call) && insn.src_reg == call_kind::helper;
}

/// A CO-RE relocation found nothing.
[[nodiscard]] inline bool is_poisoned_by_core(bpf_insn insn) noexcept {
	constexpr s32 number = 0xbad2310;
	return is_helper_call(insn) && insn.imm == number;
}

/// A map that is not created: its place among those of the object. nullopt: it stands for none.
[[nodiscard]] inline std::optional<u32> poisoned_map(bpf_insn insn) noexcept {
	constexpr s32 first = 2'001'000'000, end = 2'002'000'000;
	if (!is_helper_call(insn) || insn.imm < first || insn.imm >= end)
		return std::nullopt;
	return static_cast<u32>(insn.imm - first);
}

} // namespace sockops::object
