// SPDX-License-Identifier: MIT
#include "mutation.hpp"

#include <iterator>

#include <sockops/bpf/helper_table.hpp>

namespace verdicts {

namespace {

using namespace sockops;
using enum mutation::what;
using insn = sockops::bpf_insn;

u8 class_of(insn of) { return of.code & insn_class::mask; }
bool is_load64(insn of) { return of.code == ld_imm64::code; }
bool is_memory(insn of) {
	return class_of(of) == insn_class::ldx || class_of(of) == insn_class::st ||
		   class_of(of) == insn_class::stx;
}
bool is_arithmetic(insn of) { return class_of(of) == insn_class::alu || class_of(of) == insn_class::alu64; }
bool is_jump(insn of) { return class_of(of) == insn_class::jmp || class_of(of) == insn_class::jmp32; }
u8 operation_of(insn of) { return of.code & jmp_op::mask; } // of arithmetic, too
bool is_call(insn of) { return of.code == (insn_class::jmp | jmp_op::call); }
bool is_condition(insn of) {
	const u8 is = operation_of(of);
	return is_jump(of) && is != jmp_op::ja && is != jmp_op::call && is != jmp_op::exit;
}
bool is_helper_call(insn of) { return is_call(of) && of.src_reg == call_kind::helper; }
bool is_map(insn of) {
	return is_load64(of) && (of.src_reg == ld_imm64::map_idx || of.src_reg == ld_imm64::map_idx_value);
}
bool has_number(insn of) {
	if (is_load64(of))
		return of.src_reg == ld_imm64::number;
	if (is_arithmetic(of) || is_condition(of))
		return (of.code & insn_source::mask) == insn_source::k;
	return class_of(of) == insn_class::st;
}
bool has_source(insn of) {
	return class_of(of) == insn_class::ldx || class_of(of) == insn_class::stx ||
		   ((is_arithmetic(of) || is_condition(of)) && (of.code & insn_source::mask) == insn_source::x);
}
bool has_destination(insn of) {
	return is_load64(of) || is_memory(of) || is_arithmetic(of) || is_condition(of);
}
bool has_offset(insn of) {
	return is_memory(of) || is_condition(of) || (is_jump(of) && operation_of(of) == jmp_op::ja);
}

template <class List>
s32 one_of(random_source& random, const List& list) {
	return static_cast<s32>(list[random() % std::size(list)]);
}

constexpr int steps[] = {1, -1, 2, -2, 4, -4, 8, -8, 16, 3};
constexpr s32 numbers[] = {0, 1, -1, 2, 7, 8, 16, 255, 4096, 0x7fffffff, -0x7fffffff - 1};
constexpr u8 sizes[] = {insn_size::b, insn_size::h, insn_size::w, insn_size::dw};
constexpr u8 conditions[] = {jmp_op::jeq,  jmp_op::jgt, jmp_op::jge, jmp_op::jset, jmp_op::jne, jmp_op::jsgt,
							 jmp_op::jsge, jmp_op::jlt, jmp_op::jle, jmp_op::jslt, jmp_op::jsle};
constexpr u8 operations[] = {alu_op::add, alu_op::sub, alu_op::mul, alu_op::div,  alu_op::or_, alu_op::and_,
							 alu_op::lsh, alu_op::rsh, alu_op::mod, alu_op::xor_, alu_op::mov, alu_op::arsh};

/// One that takes as many arguments; none of those that are not here.
s32 similar_helper(random_source& random, s32 id) {
	const bpf_helper* const is = find_helper(static_cast<u32>(id));
	if (!is || is->prototype.empty())
		return id;
	const u32 count = parse_prototype(is->prototype).count;
	std::vector<s32> similar;
	for (const bpf_helper& each : bpf_helpers)
		if (each.id != 0 && each.id != id && !each.prototype.empty() &&
			parse_prototype(each.prototype).count == count)
			similar.push_back(each.id);
	return similar.empty() ? id : one_of(random, similar);
}

struct chooser {
	random_source& random;
	std::span<const insn> insns;
	std::size_t maps;

	/// Where a kind can be at one place; the value, or nullopt.
	std::optional<s32> value(mutation::what is, u32 at) const {
		const insn of = insns[at];
		const bool has_next = at + 1 < insns.size() && !is_load64(of) && !is_load64(insns[at + 1]);
		switch (is) {
		case dropped:
			return operation_of(of) == jmp_op::exit && is_jump(of) ? std::nullopt : std::optional<s32>(0);
		case swapped:
			return has_next ? std::optional<s32>(0) : std::nullopt;
		case copied:
			return has_next && class_of(of) != insn_class::ld ? std::optional<s32>(0) : std::nullopt;
		case imm_moved:
			return when(has_number(of), [&] { return one_of(random, steps); });
		case imm_set:
			return when(has_number(of), [&] { return one_of(random, numbers); });
		case off_moved:
			return when(has_offset(of), [&] { return one_of(random, steps); });
		case dst_set:
			return when(has_destination(of), [&] { return any_register(); });
		case src_set:
			return when(has_source(of), [&] { return any_register(); });
		case size_set:
			return when(is_memory(of), [&] { return one_of(random, sizes); });
		case operation_set:
			return when(is_arithmetic(of) || is_condition(of), [&] {
				return is_arithmetic(of) ? one_of(random, operations) : one_of(random, conditions);
			});
		case width_changed:
			return when(is_arithmetic(of) || is_condition(of), [] { return 0; });
		case operand_kind:
			return when(is_arithmetic(of) || is_condition(of), [&] { return any_register(); });
		case helper_set:
			return when(is_helper_call(of), [&] { return similar_helper(random, of.imm); });
		case map_set:
			return when(is_map(of) && maps > 1, [&] { return static_cast<s32>(random() % maps); });
		}
		return std::nullopt;
	}

  private:
	s32 any_register() const { return static_cast<s32>(random() % 11); }
	template <class Make>
	static std::optional<s32> when(bool can_be, Make make) {
		return can_be ? std::optional<s32>(make()) : std::nullopt;
	}
};

/// The second half of a constant is none of its own.
bool is_second_half(std::span<const insn> insns, u32 at) {
	return at != 0 && insns[at].code == 0 && is_load64(insns[at - 1]);
}

void set_operand_kind(insn& of, s32 number) {
	of.code ^= insn_source::mask;
	if ((of.code & insn_source::mask) == insn_source::x) {
		of.src_reg = static_cast<u8>(number & 15);
		of.imm = 0;
	} else {
		of.src_reg = 0;
		of.imm = number;
	}
}

} // namespace

std::optional<mutation> random_mutation(random_source& random, std::span<const insn> insns,
										std::size_t maps) {
	const chooser from{random, insns, maps};
	constexpr u32 kinds = static_cast<u32>(map_set) + 1;
	for (int tries = 0; tries != 200; ++tries) {
		const auto is = static_cast<mutation::what>(random() % kinds);
		const auto at = static_cast<u32>(random() % insns.size());
		if (is_second_half(insns, at))
			continue;
		if (const std::optional<s32> value = from.value(is, at))
			return mutation{is, at, *value};
	}
	return std::nullopt;
}

void apply(const mutation& which, std::vector<insn>& insns, std::span<const s32> map_numbers) {
	constexpr insn nothing{insn_class::jmp | jmp_op::ja, 0, 0, 0, 0};
	insn& at = insns[which.at];
	const auto bits = static_cast<u8>(which.value);
	switch (which.is) {
	case dropped:
		if (is_load64(at))
			insns[which.at + 1] = nothing;
		at = nothing;
		break;
	case swapped:
		std::swap(at, insns[which.at + 1]);
		break;
	case copied:
		insns[which.at + 1] = at;
		break;
	case imm_moved:
		at.imm = static_cast<s32>(static_cast<u32>(at.imm) + static_cast<u32>(which.value));
		break;
	case imm_set:
	case helper_set:
		at.imm = which.value;
		break;
	case off_moved:
		at.off = static_cast<s16>(at.off + which.value);
		break;
	case dst_set:
		at.dst_reg = bits & 15;
		break;
	case src_set:
		at.src_reg = bits & 15;
		break;
	case size_set:
		at.code = static_cast<u8>((at.code & ~insn_size::mask) | bits);
		break;
	case operation_set:
		at.code = static_cast<u8>((at.code & ~jmp_op::mask) | bits);
		break;
	case width_changed: // alu and alu64, jmp and jmp32
		at.code ^= 3;
		break;
	case operand_kind:
		set_operand_kind(at, which.value);
		break;
	case map_set:
		at.imm = map_numbers[static_cast<std::size_t>(which.value)];
		break;
	}
}

std::string in_words(const mutation& which) {
	constexpr const char* names[] = {"dropped",
									 "swapped with the next",
									 "copied over the next",
									 "imm moved by",
									 "imm set to",
									 "off moved by",
									 "destination set to register",
									 "source set to register",
									 "size set to bits",
									 "operation set to bits",
									 "width changed",
									 "number and register exchanged:",
									 "helper set to",
									 "map set to"};
	std::string words = "instruction " + std::to_string(which.at) + ": " + names[static_cast<u8>(which.is)];
	switch (which.is) {
	case dropped:
	case swapped:
	case copied:
	case width_changed:
		return words;
	default:
		return words + " " + std::to_string(which.value);
	}
}

} // namespace verdicts
