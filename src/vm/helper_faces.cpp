// SPDX-License-Identifier: MIT
// Every rule of src/helper behind the registers of an interpreted program.
#include "helper_faces.hpp"

#include <tuple>

#include "../helper/all.hpp"
#include "../helper/tail_call.hpp"
#include "memory_from_registers.hpp"
#include "stack_from_registers.hpp"
#include "to_register.hpp"

namespace sockops::vm {

namespace {

template <auto Rule, class R, class... A>
u64 call_rule(argument_cursor& at, R (*)(A...) noexcept) noexcept {
	std::tuple<from_registers<A>...> arguments;
	const bool all_taken =
		std::apply([&](auto&... each) noexcept { return (each.take(at) && ...); }, arguments);
	if (!all_taken) [[unlikely]]
		return 0; // a fault has been noted
	return std::apply(
		[&](auto&... each) noexcept -> u64 {
			if constexpr (std::is_void_v<R>)
				return Rule(each.get()...), 0;
			else
				return to_register(at, Rule(each.get()...));
		},
		arguments);
}

template <class Rule>
u64 interpreted(machine& m, const u64* r) noexcept {
	argument_cursor at{m, r, Rule::c_name};
	return call_rule<Rule::function>(at, Rule::function);
}

constexpr u32 id_of(std::string_view name) noexcept {
	const bpf_helper* const row = find_helper(name);
	return row ? row->id : 0;
}

constexpr auto faces = []<class... Rules>(helper::rule_list<Rules...>) {
	return std::array{helper_face{Rules::prototype, id_of(Rules::name), interpreted<Rules>}...};
}(helper::all_rules{});

} // namespace

const helper_face* find_helper_face(u32 id) noexcept {
	for (const helper_face& each : faces)
		if (each.id == id && id != 0)
			return &each;
	return nullptr;
}

const helper_face* find_kfunc_face(std::string_view name) noexcept {
	for (const helper_face& each : faces)
		if (each.id == 0 && each.prototype.name == name)
			return &each;
	return nullptr;
}

const helper_face* face_of_call(const bpf_prog_load_attr& attr, bpf_insn insn) noexcept {
	if (insn.src_reg == call_kind::helper)
		return find_helper_face(static_cast<u32>(insn.imm));
	for (const auto& [imm, name] : attr.kfuncs)
		if (insn.src_reg == call_kind::kfunc && imm == insn.imm)
			return find_kfunc_face(name);
	return nullptr;
}

const helper::call_prototype* prototype_of_call(const bpf_prog_load_attr& attr, bpf_insn insn) noexcept {
	if (insn.src_reg == call_kind::helper && insn.imm == helper_tail_call)
		return &helper::tail_call_prototype;
	const helper_face* const face = face_of_call(attr, insn);
	return face ? &face->prototype : nullptr;
}

std::string kfunc_refusal(std::string_view name) {
	const std::string call = "kfunc " + std::string(name) + "() ";
	if (const bpf_kfunc* const row = find_bpf_kfunc(name))
		return call + "is not here: " + std::string(row->why_not);
	return is_kfunc_of_others(name) ? call + "is not for SOCK_OPS programs"
									: call + "is not known: Linux 6.18 has none of that name";
}

bool is_allowed_under_lock(helper_fn call) noexcept {
	using namespace helper;
	return call == interpreted<rule<"bpf_spin_unlock", spin_unlock>> ||
		   call == interpreted<rule<"bpf_iter_num_new", begin_numbers>> ||
		   call == interpreted<rule<"bpf_iter_num_next", next_number>> ||
		   call == interpreted<rule<"bpf_iter_num_destroy", end_numbers>>;
}

bool is_gpl_compatible(std::string_view license) noexcept {
	for (const std::string_view each :
		 {"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"})
		if (license == each)
			return true;
	return false;
}

} // namespace sockops::vm
