// SPDX-License-Identifier: MIT
// Programs written in a test: the assembler of isa/, with helpers by name, maps and callbacks by number.
//
//     r1 = map 0               a map of the program
//     r2 = code +5             a function of the program, from the next instruction on (of two: the load
//     itself) call bpf_map_lookup_elem
#pragma once

#include <regex>

#include <sockops/bpf/helper_table.hpp>
#include <sockops/bpf/kfunc_table.hpp>
#include <sockops/vm/fault.hpp>
#include <sockops/vm/prog_load.hpp>

#include "../traps/support.hpp"
#include "isa/assembler.hpp"

namespace vm_test {

using namespace sockops;
using trap_test::attach;
using trap_test::one_socket;

inline std::string hex_word(u32 value) {
	char text[16];
	std::snprintf(text, sizeof text, "%02x %02x %02x %02x", value & 255, value >> 8 & 255, value >> 16 & 255,
				  value >> 24);
	return text;
}

/// "raw 18 …": a 64-bit immediate load with `kind` as its source register.
inline std::string load_of(const std::string& reg, u8 kind, u32 imm) {
	char regs[8];
	std::snprintf(regs, sizeof regs, "%02x", static_cast<unsigned>((std::stoul(reg) | kind << 4u) & 0xff));
	return std::string("raw 18 ") + regs + " 00 00 " + hex_word(imm) + " 00 00 00 00 00 00 00 00";
}

/// Kfuncs are called by their place in the table.
inline std::string call_of(const std::string& name) {
	if (const bpf_helper* const helper = find_helper(name); helper && helper->id != 0)
		return "call " + std::to_string(helper->id);
	const auto at = static_cast<u32>(find_bpf_kfunc(name) - bpf_kfuncs);
	return "raw 85 20 00 00 " + hex_word(at);
}
inline std::vector<std::pair<s32, std::string>> all_kfuncs() {
	std::vector<std::pair<s32, std::string>> all;
	for (const bpf_kfunc& each : bpf_kfuncs)
		all.emplace_back(static_cast<s32>(&each - bpf_kfuncs), each.name);
	return all;
}

/// From here on nobody knows before the run what the register holds.
inline std::string hidden(const std::string& reg) {
	return "*(u64 *)(r10 - 256) = " + reg + "; " + reg + " = *(u64 *)(r10 - 256); ";
}

inline std::vector<bpf_insn> instructions(std::string_view text) {
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

inline bpf_map_ptr make_map(const bpf_map_attr& attr) {
	bpf_map_ptr made;
	std::string why;
	EXPECT_EQ(bpf_map_create(attr, made, why), 0) << why;
	return made;
}

inline bpf_map_ptr array_of(u32 entries) {
	return make_map({.map_type = BPF_MAP_TYPE_ARRAY,
					 .key_size = 4,
					 .value_size = 8,
					 .max_entries = entries,
					 .map_name = "array"});
}
/// What user space reads there.
inline u64 at(const bpf_map_ptr& map, u32 key) {
	u64 value = ~u64{0};
	EXPECT_EQ(map.get()->sys_lookup_elem(&key, &value), 0);
	return value;
}

/// Stores r0 as the reply and returns 1.
inline constexpr char reply_r0[] = "; *(u32 *)(r6 + 4) = r0; r0 = 1; exit";

inline bpf_prog_ptr load(std::string_view text, std::vector<bpf_map_ptr> maps = {},
						 std::string license = "GPL") {
	const std::vector<bpf_insn> insns = instructions(text);
	bpf_load_error why;
	bpf_prog_ptr prog = bpf_prog_load({.name = "test",
									   .insns = insns,
									   .license = std::move(license),
									   .maps = std::move(maps),
									   .kfuncs = all_kfuncs()},
									  why);
	EXPECT_TRUE(prog) << why.message;
	return prog;
}

/// Why a program is refused.
inline bpf_load_error refused(std::string_view text, std::vector<bpf_map_ptr> maps = {},
							  std::string license = "GPL") {
	const std::vector<bpf_insn> insns = instructions(text);
	bpf_load_error why;
	const bpf_prog_ptr prog = bpf_prog_load({.name = "test",
											 .insns = insns,
											 .license = std::move(license),
											 .maps = std::move(maps),
											 .kfuncs = all_kfuncs()},
											why);
	EXPECT_FALSE(prog) << "it was loaded";
	return why;
}

/// Faults are kept instead of printed.
class quiet_faults {
  public:
	quiet_faults() {
		last().clear();
		before_ = set_bpf_fault_handler([](const bpf_fault& fault) noexcept { last() = fault.message; });
	}
	~quiet_faults() { set_bpf_fault_handler(before_); }
	quiet_faults(const quiet_faults&) = delete;
	quiet_faults& operator=(const quiet_faults&) = delete;

	static std::string& last() {
		static std::string message;
		return message;
	}

  private:
	bpf_fault_handler before_;
};

/// A socket with a program attached.
struct running : one_socket {
	quiet_faults faults;
	bpf_prog_ptr prog;

	explicit running(std::string_view text, std::vector<bpf_map_ptr> maps = {})
		: prog(load(text, std::move(maps))) {
		if (prog)
			attach(*root, prog);
	}
	int call(u32 op = BPF_SOCK_OPS_TIMEOUT_INIT) { return one_socket::call(static_cast<int>(op)); }
};

inline void expect_contains(const std::string& text, std::string_view part) {
	EXPECT_NE(text.find(part), std::string::npos) << '"' << part << "\" is not in \"" << text << '"';
}

} // namespace vm_test
