// SPDX-License-Identifier: MIT
// BPF_PROG_LOAD of a session: descriptors in instructions become indexes of maps, type ids become names, and
// bpf_prog_load() does the rest.
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <sockops/bpf/kfunc_table.hpp>

#include "../btf/btf_types.hpp"
#include "../core/core_btf.hpp"
#include "../object_files.hpp"
#include "bpf_session.hpp"
#include "function_types.hpp"
#include "poisoned.hpp"
#include "prog_info.hpp"

namespace sockops::object {
namespace {

struct translation {
	std::vector<bpf_insn> insns;
	bpf_prog_load_attr attr;
	std::string wrong; ///< why it cannot be loaded; empty: it can
};

std::vector<bpf_insn> copy_insns(const ::bpf_attr& attr) {
	std::vector<bpf_insn> insns(attr.insn_cnt);
	std::memcpy(insns.data(), reinterpret_cast<const void*>(attr.insns), insns.size() * sizeof(bpf_insn));
	return insns;
}

/// The index of the map in `maps`, where it is put at its first mention.
u32 index_of(const bpf_map_ptr& map, std::vector<bpf_map_ptr>& maps) {
	for (u32 i = 0; i != maps.size(); ++i)
		if (maps[i].get() == map.get())
			return i;
	maps.push_back(map);
	return static_cast<u32>(maps.size() - 1);
}

void name_map(bpf_insn& insn, u32 at, const handle_table& handles, translation& to) {
	const auto* const map = handles.find<bpf_map_ptr>(insn.imm);
	if (!map) {
		to.wrong =
			"instruction " + std::to_string(at) + ": descriptor " + std::to_string(insn.imm) + " is no map's";
		return;
	}
	insn.imm = static_cast<s32>(index_of(*map, to.attr.maps));
	insn.src_reg = insn.src_reg == ld_imm64::map_fd ? ld_imm64::map_idx : ld_imm64::map_idx_value;
}

void name_kfunc(const bpf_insn& insn, translation& to) {
	for (const auto& [known, name] : to.attr.kfuncs)
		if (known == insn.imm)
			return;
	if (std::string name = core_kfunc_name(insn.imm); !name.empty() && insn.off == 0)
		to.attr.kfuncs.emplace_back(insn.imm, std::move(name));
}

/// The address of a kfunc, which programs compare with NULL (bpf_ksym_exists()): a number that leads nowhere,
/// or 0 where the kernel is older than it.
void name_kfunc_address(bpf_insn& low, bpf_insn& high, kernel_release kernel) {
	constexpr s32 nowhere = static_cast<s32>(0xbc060000);
	const std::string name = core_kfunc_name(low.imm);
	if (name.empty())
		return;
	const bpf_kfunc* const row = find_bpf_kfunc(name);
	const bool is_young = row && row->since > kernel;
	low.src_reg = ld_imm64::number;
	low.imm = is_young ? 0 : low.imm;
	high.imm = is_young ? 0 : nowhere;
}

void translate_insns(const handle_table& handles, translation& to) {
	for (u32 at = 0; at < to.insns.size() && to.wrong.empty(); ++at) {
		bpf_insn& insn = to.insns[at];
		if (insn.code == ld_imm64::code) {
			if (insn.src_reg == ld_imm64::map_fd || insn.src_reg == ld_imm64::map_value)
				name_map(insn, at, handles, to);
			else if (insn.src_reg == ld_imm64::btf_id && at + 1 < to.insns.size())
				name_kfunc_address(insn, to.insns[at + 1], to.attr.kernel);
			++at; // its second half is no instruction
		} else if (insn.code == (insn_class::jmp | jmp_op::call) && insn.src_reg == call_kind::kfunc)
			name_kfunc(insn, to);
	}
}

void name_lines(const ::bpf_attr& attr, const ::btf& types, bpf_prog_load_attr& to) {
	to.lines = lines_of(attr, types);
	const function_types known(types);
	for_records<::bpf_func_info>(
		attr.func_info, attr.func_info_cnt, attr.func_info_rec_size, [&](auto& record) {
			if (type_at(types, record.type_id))
				to.functions.push_back(known.function(record.insn_off, record.type_id));
		});
	// In full: prog_name has 15 characters of it.
	if (!to.functions.empty() && to.functions.front().insn == 0)
		to.name = to.functions.front().name;
}

/// Calls each(instruction, place) for all of them. Without function information no place is one of a
/// relocation.
template <class Each>
void for_places(const ::bpf_attr& attr, std::span<const bpf_insn> insns, Each each) {
	std::vector<::bpf_func_info> functions;
	for_records<::bpf_func_info>(attr.func_info, attr.func_info_cnt, attr.func_info_rec_size,
								 [&](auto& record) { functions.push_back(record); });
	u32 next = 0;
	for (u32 at = 0; at != insns.size(); ++at) {
		while (next != functions.size() && functions[next].insn_off <= at)
			++next;
		each(at, next == 0 ? core_place{0, at}
						   : core_place{functions[next - 1].type_id, at - functions[next - 1].insn_off});
	}
}

std::string unresolved_in_words(const std::string& name, const bpf_prog& prog, const bpf_unresolved& which) {
	const std::string source = bpf_prog_source(prog, which.insn);
	return name + ": instruction " + std::to_string(which.insn) +
		   (source.empty() ? "" : " (" + source + ")") + ": " + which.what +
		   ". A run that comes there is stopped";
}

/// Why the program cannot even be looked at.
refused_program without_instruction(const std::string& name, int error, const std::string& reason) {
	refused_program refused{name, {}, {}};
	refused.why.error = error;
	refused.why.reason = reason;
	refused.why.place = name + ": ";
	refused.why.message = refused.why.place + reason;
	return refused;
}

} // namespace

/// libbpf has asked the types of the release that is modelled, which has what older ones have, and more.
void bpf_session::answer_as_of_release(const ::bpf_attr& attr, std::span<bpf_insn> insns) {
	if (kernel_ == modelled_release)
		return;
	for_places(attr, insns, [&](u32 at, core_place place) {
		if (const std::string no = core_.too_young(place, insns[at], kernel_); !no.empty()) {
			insns[at].imm = 0;
			note("CO-RE: " + no);
		}
	});
}

void bpf_session::note_relocations(const ::bpf_attr& attr, bpf_prog_load_attr& to) {
	for_places(attr, to.insns, [&](u32 at, core_place place) {
		if (std::string what = core_.unusable(place, to.insns[at]); !what.empty())
			to.unresolved.push_back({at, std::move(what)});
		else if (const std::string no = core_.answered_no(place, to.insns[at]); !no.empty())
			note("CO-RE: " + no);
	});
}

long bpf_session::refuse(refused_program refused) {
	judged_.push_back({refused.name, std::move(refused), {}});
	const bpf_load_error& why = judged_.back().refused->why;
	return judges_only_ ? handle_table::open_nothing() : fail(why.error, why.message);
}

long bpf_session::prog_load(const ::bpf_attr& attr) {
	if (attr.prog_type != BPF_PROG_TYPE_SOCK_OPS) // libbpf finds out what the kernel can: all that 6.18 can
		return handle_table::open_nothing();
	translation to;
	to.attr.kernel = kernel_;
	to.attr.name = full_name({attr.prog_name, ::strnlen(attr.prog_name, sizeof attr.prog_name)});
	if (attr.insn_cnt == 0 || attr.insn_cnt > bpf_max_insns)
		return refuse(without_instruction(to.attr.name, E2BIG,
										  "a program of " + std::to_string(attr.insn_cnt) +
											  " instructions; allowed are 1 to " +
											  std::to_string(bpf_max_insns)));
	to.attr.license = reinterpret_cast<const char*>(attr.license);
	to.insns = copy_insns(attr);
	translate_insns(handles_, to);
	if (const auto* const types = handles_.find<btf_ptr>(static_cast<int>(attr.prog_btf_fd)))
		name_lines(attr, **types, to.attr);
	if (!to.wrong.empty())
		return refuse(without_instruction(to.attr.name, EINVAL, to.wrong));
	to.attr.insns = to.insns;
	to.attr.watch = watch_;
	to.attr.unchecked = unchecked_;
	if (watch_ && debug_)
		debug_->tell(to.attr);
	note_relocations(attr, to.attr);
	answer_as_of_release(attr, to.insns);
	bpf_load_error why;
	bpf_prog_ptr made = bpf_prog_load(to.attr, why);
	if (!made)
		return refuse({to.attr.name, why,
					   why.insn < to.insns.size() ? poisoned_map(to.insns[why.insn]) : std::nullopt});
	for (const bpf_unresolved& each : bpf_prog_unresolved(*made.get()))
		note(unresolved_in_words(to.attr.name, *made.get(), each));
	judged_.push_back({to.attr.name, {}, bpf_prog_not_looked_at(*made.get())});
	return judges_only_ ? handle_table::open_nothing() : handles_.open(std::move(made));
}

} // namespace sockops::object
