// SPDX-License-Identifier: MIT
#include "mnemonics.hpp"

#include <map>

namespace verdicts {

namespace {

using namespace sockops;

struct named_code {
	const char* name;
	int code;
	s16 off = 0;
};
constexpr named_code arithmetic[] = {
	{"add", alu_op::add},     {"sub", alu_op::sub},    {"mul", alu_op::mul}, {"div", alu_op::div},
	{"or", alu_op::or_},      {"and", alu_op::and_},   {"lsh", alu_op::lsh}, {"rsh", alu_op::rsh},
	{"mod", alu_op::mod},     {"xor", alu_op::xor_},   {"mov", alu_op::mov}, {"arsh", alu_op::arsh},
	{"sdiv", alu_op::div, 1}, {"smod", alu_op::mod, 1}};
constexpr named_code comparisons[] = {{"jeq", jmp_op::jeq},   {"jgt", jmp_op::jgt},  {"jge", jmp_op::jge},
									  {"jset", jmp_op::jset}, {"jne", jmp_op::jne},  {"jsgt", jmp_op::jsgt},
									  {"jsge", jmp_op::jsge}, {"jlt", jmp_op::jlt},  {"jle", jmp_op::jle},
									  {"jslt", jmp_op::jslt}, {"jsle", jmp_op::jsle}};
constexpr named_code sizes[] = {
	{"8", insn_size::b}, {"16", insn_size::h}, {"32", insn_size::w}, {"64", insn_size::dw}};
constexpr named_code atomics[] = {{"aadd", alu_op::add},
								  {"aor", alu_op::or_},
								  {"aand", alu_op::and_},
								  {"axor", alu_op::xor_},
								  {"afadd", alu_op::add | atomic_op::fetch},
								  {"afor", alu_op::or_ | atomic_op::fetch},
								  {"afand", alu_op::and_ | atomic_op::fetch},
								  {"afxor", alu_op::xor_ | atomic_op::fetch},
								  {"axchg", atomic_op::xchg},
								  {"acmpxchg", atomic_op::cmpxchg},
								  {"strel", atomic_op::store_rel}};
constexpr named_code byte_orders[] = {{"le", insn_class::alu | alu_op::end},
									  {"be", insn_class::alu | alu_op::end | insn_source::x},
									  {"bswap", insn_class::alu64 | alu_op::end}};
constexpr u8 jmp = insn_class::jmp, call = jmp | jmp_op::call;

constexpr u8 code_of(int code) { return static_cast<u8>(code); }

class table {
  public:
	table() {
		for (const named_code& each : arithmetic) {
			add(each.name, {shape::two, code_of(insn_class::alu64 | each.code), each.off});
			add(each.name + std::string("32"), {shape::two, code_of(insn_class::alu | each.code), each.off});
		}
		for (const named_code& each : comparisons) {
			add(each.name, {shape::branch, code_of(jmp | each.code)});
			add(each.name + std::string("32"), {shape::branch, code_of(insn_class::jmp32 | each.code)});
		}
		for (const named_code& each : sizes)
			add_memory(each.name, each.code);
		for (const int bits : {16, 32, 64})
			for (const named_code& each : byte_orders)
				add(each.name + std::to_string(bits), {shape::one, code_of(each.code), 0, bits});
		for (const int bits : {8, 16, 32})
			add_sign_extending(bits);
		add("neg", {shape::one, insn_class::alu64 | alu_op::neg});
		add("neg32", {shape::one, insn_class::alu | alu_op::neg});
		add_flow();
		add("lddw", {shape::number64, ld_imm64::code});
		add("ldmap", {shape::map, ld_imm64::code});
		add("ldval", {shape::map_value, ld_imm64::code});
		add("ldfunc", {shape::function, ld_imm64::code});
		add("raw", {shape::five_fields});
	}

	const form* find(const std::string& name) const {
		const auto found = forms_.find(name);
		return found == forms_.end() ? nullptr : &found->second;
	}

  private:
	void add(const std::string& name, form what) { forms_.emplace(name, what); }

	void add_memory(const std::string& bits, int size) {
		add("ld" + bits, {shape::load, code_of(insn_class::ldx | insn_mode::mem | size)});
		add("lds" + bits, {shape::load, code_of(insn_class::ldx | insn_mode::memsx | size)});
		add("st" + bits, {shape::store, code_of(insn_class::st | insn_mode::mem | size)});
		const u8 atomic = code_of(insn_class::stx | insn_mode::atomic | size);
		for (const named_code& each : atomics)
			add(each.name + bits, {shape::atomic, atomic, 0, each.code});
		add("ldacq" + bits, {shape::load, atomic, 0, atomic_op::load_acq});
	}

	void add_sign_extending(int bits) {
		const auto off = static_cast<s16>(bits);
		const std::string name = "movs" + std::to_string(bits);
		add(name, {shape::two, insn_class::alu64 | alu_op::mov, off});
		add(name + "w", {shape::two, insn_class::alu | alu_op::mov, off});
	}

	void add_flow() {
		add("ja", {shape::jump, jmp | jmp_op::ja});
		add("gotol", {shape::long_jump, insn_class::jmp32 | jmp_op::ja});
		add("may_goto", {shape::jump, 0xe5});
		add("call", {shape::helper, call});
		add("kcall", {shape::kfunc, call});
		add("callf", {shape::call, call});
		add("exit", {shape::nothing, jmp | jmp_op::exit});
	}

	std::map<std::string, form> forms_;
};

} // namespace

const form* find_form(const std::string& name) {
	static const table all;
	return all.find(name);
}

} // namespace verdicts
