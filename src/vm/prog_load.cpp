// SPDX-License-Identifier: MIT
// Loading: check, then make each instruction a step.

#include <sockops/vm/prog_load.hpp>

#include <algorithm>

#include "check/check_ways.hpp"
#include "helper_faces.hpp"
#include "load_check.hpp"
#include "loading.hpp"
#include "release_rules.hpp"
#include "watch/watched_machine.hpp"

namespace sockops {

namespace vm {

/// A program's return beyond 0 and 1 would have been refused by a verifier.
u32 checked_return(machine& m, u64 r0) noexcept {
	if (r0 <= 1) [[likely]]
		return static_cast<u32>(r0);
	m.fault(m.at ? m.at : m.prog->steps.data(), "the program returned " +
													std::to_string(static_cast<s64>(r0)) +
													"; a sock_ops program returns 0 or 1");
	return 0;
}

const bpf_source_line* line_of(const std::vector<bpf_source_line>& lines, u32 insn) {
	auto after = std::upper_bound(lines.begin(), lines.end(), insn,
								  [](u32 at, const bpf_source_line& line) { return at < line.insn; });
	while (after != lines.begin() && (after - 1)->line == 0)
		--after;
	return after == lines.begin() ? nullptr : &*(after - 1);
}

namespace {

u32 run_interpreted(bpf_sock_ops_kern* ctx, const bpf_prog* prog) noexcept {
	machine m(*static_cast<const ebpf_prog*>(prog), ctx);
	m.regs[1] = make_pointer(pointer_kind::ctx, ctx_origin);
	return checked_return(m, m.run(m.prog->steps.data()));
}

const bpf_unresolved* find_unresolved(std::span<const bpf_unresolved> among, u32 insn) noexcept {
	const auto found = std::ranges::lower_bound(among, insn, {}, &bpf_unresolved::insn);
	return found != among.end() && found->insn == insn ? &*found : nullptr;
}

class decoder {
  public:
	decoder(const bpf_prog_load_attr& attr, const program_flow& flow) : attr_(attr), flow_(flow) {}

	step decode(u32 at) const {
		const bpf_insn insn = attr_.insns[at];
		step made{nullptr, static_cast<u64>(s64{insn.imm}), insn.off, insn.dst_reg, insn.src_reg};
		if (!flow_.before[at].reached)
			return made.run = unreachable_step, made;
		if (is_unresolved(attr_, at) || find_unresolved(flow_.stops, at))
			return made.run = unresolved_step, made;
		switch (class_of(insn)) {
		case insn_class::ld:
			decode_imm64(at, insn, made);
			break;
		case insn_class::alu:
		case insn_class::alu64:
			made.run = alu_step(insn);
			break;
		case insn_class::jmp:
		case insn_class::jmp32:
			decode_jump(insn, made);
			break;
		default:
			decode_memory(at, insn, made);
		}
		return made;
	}

  private:
	void decode_imm64(u32 at, bpf_insn insn, step& made) const {
		const u32 low = static_cast<u32>(insn.imm), high = static_cast<u32>(attr_.insns[at + 1].imm);
		made.run = load_imm64;
		switch (insn.src_reg) {
		case ld_imm64::map_idx:
			made.imm = make_pointer(pointer_kind::map, low);
			break;
		case ld_imm64::map_idx_value:
			made.imm = reinterpret_cast<std::uintptr_t>(attr_.maps[low].get()->area().base) + high;
			break;
		case ld_imm64::func:
			made.imm = make_pointer(pointer_kind::function, at + 1 + low);
			break;
		default:
			made.imm = low | u64{high} << 32;
		}
	}

	void decode_jump(bpf_insn insn, step& made) const {
		if (is_exit(insn)) {
			made.run = exit_step;
		} else if (!is_call(insn)) {
			made.run = jump_step(insn);
			made.off = static_cast<s32>(jump_distance(insn));
		} else if (insn.src_reg == call_kind::subprogram) {
			made.run = call_subprogram;
			made.off = insn.imm;
		} else if (insn.src_reg == call_kind::helper && insn.imm == helper_tail_call) {
			made.run = tail_call;
		} else {
			made.run = call_helper;
			made.imm = reinterpret_cast<std::uintptr_t>(face_of_call(attr_, insn)->call);
		}
	}

	/// Where the base is known the place is, and has been checked: no more of it at run.
	void decode_memory(u32 at, bpf_insn insn, step& made) const {
		const bool loads = class_of(insn) == insn_class::ldx;
		const bool atomic =
			class_of(insn) == insn_class::stx && (insn.code & insn_mode::mask) == insn_mode::atomic;
		const bool extends = loads && (insn.code & insn_mode::mask) == insn_mode::memsx;
		const known_value& base = flow_.before[at].regs[loads ? insn.src_reg : insn.dst_reg];
		const s32 place = static_cast<s32>(base.value) + insn.off;
		if (atomic) {
			made.run = atomic_step(insn);
		} else if (base.is == known_value::what::ctx && !extends) {
			made.run = loads ? ctx_load_step(place, insn_size::bytes(insn.code)) : ctx_store_step(place);
			if (class_of(insn) == insn_class::st)
				made.src = 0xff;
		} else if (base.is == known_value::what::frame) {
			made.run = loads ? frame_load_step(insn) : frame_store_step(insn);
			made.off = static_cast<s32>(max_bpf_stack) + place;
		} else {
			made.run = memory_step(insn);
		}
	}

	const bpf_prog_load_attr& attr_;
	const program_flow& flow_;
};

bpf_source_line copy_of(const bpf_source_line* line) { return line ? *line : bpf_source_line(); }

bpf_load_error in_words(const bpf_prog_load_attr& attr, const refusal& wrong) {
	const std::string place = place_in_words(attr.name, attr.lines, wrong.insn);
	return {wrong.error,
			wrong.insn,
			wrong.reason,
			place + wrong.reason,
			place,
			copy_of(line_of(attr.lines, wrong.insn)),
			wrong.refused_by,
			wrong.rule,
			wrong.remedy,
			wrong.way};
}

} // namespace

bool is_unresolved(const bpf_prog_load_attr& attr, u32 insn) noexcept {
	return find_unresolved(attr.unresolved, insn) != nullptr;
}

const step* unresolved_step(machine& m, const step* at) noexcept {
	const u32 insn = m.prog->insn_of(at);
	const bpf_unresolved* which = find_unresolved(m.prog->unresolved, insn);
	if (!which)
		which = find_unresolved(m.prog->stops, insn);
	return m.fault(at, which ? which->what : "an instruction without a meaning");
}

std::unique_ptr<ebpf_prog> load(const bpf_prog_load_attr& attr, bool raw, bpf_load_error& why) {
	program_structure structure;
	program_flow flow;
	refusal wrong = check_structure(attr.insns, structure);
	if (!wrong)
		wrong = follow_values(attr, structure, raw, flow);
	std::vector<bpf_not_looked_at> not_looked_at;
	if (!wrong)
		wrong = check_release(attr, flow);
	if (!wrong && !attr.unchecked && !raw)
		wrong = check::check_ways(attr, structure, flow, not_looked_at);
	if (!wrong)
		wrong = check_call_chains(structure, flow);
	if (wrong) {
		why = in_words(attr, wrong);
		return nullptr;
	}
	auto made = std::make_unique<ebpf_prog>(attr.name);
	made->stops = flow.stops;
	made->not_looked_at = std::move(not_looked_at);
	made->maps = attr.maps;
	made->lines = attr.lines;
	made->functions = attr.functions;
	for (const bpf_unresolved& each : attr.unresolved)
		if (flow.before[each.insn].reached)
			made->unresolved.push_back(each);
	if (attr.watch) {
		made->watched = std::make_unique<watched_code>(attr);
		made->bpf_func = run_watched_program;
	}
	made->steps.reserve(attr.insns.size());
	const decoder decode(attr, flow);
	for (u32 at = 0; at != attr.insns.size(); ++at)
		made->steps.push_back(decode.decode(at));
	return made;
}

ebpf_prog::ebpf_prog(std::string called)
	: bpf_prog(run_interpreted, nullptr, next_prog_id()), name_text(std::move(called)) {
	name = name_text.c_str();
	destroy = [](bpf_prog* prog) noexcept { delete static_cast<ebpf_prog*>(prog); };
}

const ebpf_prog* as_interpreted(const bpf_prog& prog) noexcept {
	const bool is_one = prog.bpf_func == run_interpreted || prog.bpf_func == run_watched_program;
	return is_one ? static_cast<const ebpf_prog*>(&prog) : nullptr;
}

std::string line_in_words(const bpf_source_line& line) {
	const std::string file = line.file.substr(line.file.rfind('/') + 1);
	return file + ":" + std::to_string(line.line) + (line.text.empty() ? "" : ", '" + line.text + "'");
}

namespace {
std::string source_in_words(const std::vector<bpf_source_line>& lines, u32 insn) {
	const bpf_source_line* const line = line_of(lines, insn);
	return line ? line_in_words(*line) : std::string();
}
} // namespace

std::string place_in_words(const std::string& name, const std::vector<bpf_source_line>& lines, u32 insn) {
	const std::string source = source_in_words(lines, insn);
	return (name.empty() ? "" : name + ": ") + "instruction " + std::to_string(insn) +
		   (source.empty() ? "" : " (" + source + ")") + ": ";
}

} // namespace vm

bpf_prog_ptr bpf_prog_load(const bpf_prog_load_attr& attr, bpf_load_error& why) {
	return bpf_prog_ptr::adopt(vm::load(attr, false, why).release());
}

bool is_interpreted(const bpf_prog& prog) noexcept { return vm::as_interpreted(prog) != nullptr; }

std::span<const bpf_map_ptr> bpf_prog_maps(const bpf_prog& prog) noexcept {
	const vm::ebpf_prog* const own = vm::as_interpreted(prog);
	return own ? std::span<const bpf_map_ptr>(own->maps) : std::span<const bpf_map_ptr>();
}

std::span<const bpf_unresolved> bpf_prog_unresolved(const bpf_prog& prog) noexcept {
	const vm::ebpf_prog* const own = vm::as_interpreted(prog);
	return own ? std::span<const bpf_unresolved>(own->unresolved) : std::span<const bpf_unresolved>();
}

std::vector<bpf_not_looked_at> bpf_prog_not_looked_at(const bpf_prog& prog) {
	const vm::ebpf_prog* const own = vm::as_interpreted(prog);
	return own ? own->not_looked_at : std::vector<bpf_not_looked_at>();
}

std::string bpf_prog_source(const bpf_prog& prog, u32 insn) {
	const vm::ebpf_prog* const own = vm::as_interpreted(prog);
	return own ? vm::source_in_words(own->lines, insn) : std::string();
}

bpf_source_line bpf_prog_line(const bpf_prog& prog, u32 insn) {
	const vm::ebpf_prog* const own = vm::as_interpreted(prog);
	return own ? vm::copy_of(vm::line_of(own->lines, insn)) : bpf_source_line();
}

} // namespace sockops
