// SPDX-License-Identifier: MIT
#include "case_text.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "case_map.hpp"
#include "errno_words.hpp"

namespace verdicts {

namespace {

using namespace sockops;

std::string line_of(const bpf_map& map, std::size_t index) {
	const bpf_map_attr& attr = map.attr;
	std::string line = "map m" + std::to_string(index) + " " + word_of_map_type(attr.map_type) +
					   " key=" + std::to_string(attr.key_size) + " value=" + std::to_string(attr.value_size) +
					   " entries=" + std::to_string(attr.max_entries) +
					   " flags=" + std::to_string(attr.map_flags & ~u32{BPF_F_MMAPABLE});
	if (attr.spin_lock_off >= 0)
		line += " lock=" + std::to_string(attr.spin_lock_off);
	const bpf_map_area area = map.area();
	if (map.frozen.load() && area.base) {
		line += " init=";
		for (u32 at = 0; at != attr.value_size; ++at) {
			char hex[4];
			std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned>(area.base[at]));
			line += hex;
		}
		line += " freeze=1";
	}
	return line;
}

std::string word_of(const bpf_argument_type& type) {
	using enum bpf_argument_type::what;
	switch (type.is) {
	case nothing:
		return "void";
	case number:
		return "int";
	case context:
		return "ctx";
	case untyped:
		return "void*";
	case memory:
		return "mem" + std::to_string(type.size) + (type.nonnull ? ":nonnull" : "");
	case not_known:
		break;
	}
	return "?";
}

bool is_known(const bpf_function& function) {
	const auto known = [](const bpf_argument_type& type) {
		return type.is != bpf_argument_type::what::not_known;
	};
	return known(function.result) && std::ranges::all_of(function.arguments, known);
}

std::string line_of(const bpf_function& function) {
	std::string line =
		".func " + function.name + (function.is_global ? " global " : " static ") + word_of(function.result);
	for (const bpf_argument_type& each : function.arguments)
		line += " " + word_of(each);
	return line;
}

/// Of the instruction at `at`: by name, where a number would be another one elsewhere.
std::string line_of(const bpf_prog_load_attr& attr, std::span<const bpf_insn> insns, std::size_t at) {
	const bpf_insn insn = insns[at];
	const std::string target = "r" + std::to_string(insn.dst_reg) + ", m" + std::to_string(insn.imm);
	if (insn.code == ld_imm64::code && insn.src_reg == ld_imm64::map_idx)
		return "ldmap " + target;
	if (insn.code == ld_imm64::code && insn.src_reg == ld_imm64::map_idx_value)
		return "ldval " + target + "+" +
			   std::to_string(at + 1 < insns.size() ? static_cast<u32>(insns[at + 1].imm) : 0);
	if (insn.code == (insn_class::jmp | jmp_op::call) && insn.src_reg == call_kind::kfunc)
		for (const auto& [imm, name] : attr.kfuncs)
			if (imm == insn.imm)
				return "kcall " + name;
	return text_of_insn(insn);
}

bool is_map_load(bpf_insn insn) {
	return insn.code == ld_imm64::code &&
		   (insn.src_reg == ld_imm64::map_idx || insn.src_reg == ld_imm64::map_idx_value);
}

} // namespace

std::string text_of_insn(bpf_insn of) {
	char text[64];
	std::snprintf(text, sizeof text, "raw 0x%02x %d %d %d %d", of.code, of.dst_reg, of.src_reg, of.off,
				  of.imm);
	return text;
}

std::string text_of_case(const std::string& name, const std::string& about, const recorded_load& of,
						 std::span<const bpf_insn> insns, int error) {
	const bpf_prog_load_attr attr = of.with(insns);
	const bool has_types = std::ranges::all_of(attr.functions, is_known);
	std::string text = has_types ? "" : "# Its functions are of types that are not known.\n";
	text += "case " + name + "\nabout " + about + "\n";
	for (std::size_t at = 0; at != attr.maps.size(); ++at)
		text += line_of(*attr.maps[at].get(), at) + "\n";
	if (attr.license != "GPL")
		text += "license " + attr.license + "\n";
	text += error ? "expect refuse " + word_of_errno(error) + "\ncode\n" : "expect accept\ncode\n";
	for (std::size_t at = 0; at < insns.size(); ++at) {
		for (const bpf_function& each : attr.functions)
			if (has_types && each.insn == at)
				text += line_of(each) + "\n";
		text += "\t" + line_of(attr, insns, at) + "\n";
		at += is_map_load(insns[at]); // one line for two
	}
	return text + "end\n";
}

} // namespace verdicts
