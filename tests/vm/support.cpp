// SPDX-License-Identifier: MIT
#include "support.hpp"

#include <cstdio>
#include <regex>

namespace vm_test {

namespace {

std::string hex_word(u32 value) {
	char text[16];
	std::snprintf(text, sizeof text, "%02x %02x %02x %02x", value & 255, value >> 8 & 255, value >> 16 & 255,
				  value >> 24);
	return text;
}

std::string call_of(const std::string& name) {
	if (const bpf_helper* const helper = find_helper(name); helper && helper->id != 0)
		return "call " + std::to_string(helper->id);
	const auto at = static_cast<u32>(find_bpf_kfunc(name) - bpf_kfuncs);
	return "raw 85 20 00 00 " + hex_word(at);
}

} // namespace

std::string load_of(const std::string& reg, u8 kind, u32 imm) {
	char regs[8];
	std::snprintf(regs, sizeof regs, "%02x", static_cast<unsigned>((std::stoul(reg) | kind << 4u) & 0xff));
	return std::string("raw 18 ") + regs + " 00 00 " + hex_word(imm) + " 00 00 00 00 00 00 00 00";
}

std::vector<std::pair<s32, std::string>> all_kfuncs() {
	std::vector<std::pair<s32, std::string>> all;
	for (const bpf_kfunc& each : bpf_kfuncs)
		all.emplace_back(static_cast<s32>(&each - bpf_kfuncs), each.name);
	return all;
}

std::vector<bpf_insn> instructions(std::string_view text) {
	static const std::regex map_load("r(\\d+) = map (\\d+)"), code_load("r(\\d+) = code \\+(\\d+)"),
		named_call("call (bpf_\\w+)");
	std::string plain;
	std::string rest(text);
	for (std::string line; !rest.empty();) {
		const std::size_t end = rest.find_first_of("\n;");
		line = rest.substr(0, end);
		rest = end == std::string::npos ? "" : rest.substr(end + 1);
		std::smatch found;
		if (std::regex_search(line, found, map_load))
			line.replace(static_cast<std::size_t>(found.position()), std::string::npos,
						 load_of(found[1], ld_imm64::map_idx, static_cast<u32>(std::stoul(found[2]))));
		else if (std::regex_search(line, found, code_load))
			line.replace(static_cast<std::size_t>(found.position()), std::string::npos,
						 load_of(found[1], ld_imm64::func, static_cast<u32>(std::stoul(found[2]))));
		else if (std::regex_search(line, found, named_call))
			line = call_of(found[1].str());
		plain += line + "\n";
	}
	return isa::assemble(plain);
}

} // namespace vm_test
