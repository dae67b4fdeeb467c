// SPDX-License-Identifier: MIT
#include "check_ways.hpp"

#include <algorithm>
#include <memory>

#include "../access_rules.hpp"
#include "../ebpf_prog.hpp"
#include "../instruction_words.hpp"
#include "arithmetic.hpp"
#include "calls.hpp"
#include "liveness.hpp"
#include "memory.hpp"
#include "open_ways.hpp"
#include "rules.hpp"
#include "visits.hpp"

namespace sockops::vm::check {

namespace {

/// How much is looked at, at most: some steps, and more of a longer program.
constexpr u64 steps_at_least = 1u << 14, steps_an_instruction = 16;

/// Whom a way may meet at an instruction: nobody; others; itself too, as jumps lead back to it.
enum class meets : u8 { nobody, others, again };

class exploration {
  public:
	exploration(const bpf_prog_load_attr& attr, const program_structure& structure)
		: of_(attr, structure), live_(live_registers(attr)), visits_(attr.insns.size()),
		  meets_(attr.insns.size()), steps_left_(steps_at_least + steps_an_instruction * attr.insns.size()) {
		for (u32 at = 0; at != attr.insns.size(); ++at)
			if (is_ja(attr.insns[at]) || is_conditional(attr.insns[at])) {
				const auto target = static_cast<u32>(s64{at} + 1 + jump_distance(attr.insns[at]));
				meets_[target] = std::max(meets_[target], target <= at ? meets::again : meets::others);
			}
	}

	objection run() {
		open_.add(std::make_unique<path>(way_into_program()));
		objection wrong = follow_all();
		std::set<u32> seen;
		for (auto next = of_.global_functions.begin(); next != of_.global_functions.end() && !wrong;
			 next =
				 std::ranges::find_if(of_.global_functions, [&](u32 each) { return !seen.contains(each); })) {
			seen.insert(*next);
			open_.add(std::make_unique<path>(way_into_global_function(of_, *next)));
			wrong = follow_all();
		}
		return wrong;
	}

	/// Where a run may come, and no way that was followed has: the first instruction of each such stretch.
	std::vector<bpf_not_looked_at> left(const program_flow& flow) const {
		std::vector<bpf_not_looked_at> found;
		bool in_stretch = false;
		for (u32 at = 0; at != of_.attr.insns.size(); ++at) {
			if (at != 0 && is_ld_imm64(of_.attr.insns[at - 1]) && of_.attr.insns[at].code == 0)
				continue; // half an instruction
			const bool is_left = flow.before[at].reached && visits_.count(at) == 0;
			if (is_left && !in_stretch)
				found.push_back({at, why_left(at), line_at(at)});
			in_stretch = is_left;
		}
		return found;
	}

  private:
	bpf_source_line line_at(u32 at) const {
		const bpf_source_line* const line = line_of(of_.attr.lines, at);
		return line ? *line : bpf_source_line();
	}

	/// What was noted at an instruction that leads there.
	std::string why_left(u32 at) const {
		for (const bpf_not_looked_at& each : of_.left) {
			const bpf_insn insn = of_.attr.insns[each.insn];
			const bool jumps = is_ja(insn) || is_conditional(insn);
			if (each.insn + 1 == at || each.insn == at ||
				(jumps && s64{each.insn} + 1 + jump_distance(insn) == at))
				return each.why;
		}
		return "no way is known that certainly leads here";
	}

	path way_into_program() {
		path on;
		on.frames.emplace_back();
		on.regs[1] = pointer(holds::context);
		on.regs[10] = pointer(holds::frame, 0);
		on.way = of_.log.begin(0);
		return on;
	}

	objection follow_all() {
		while (!open_.empty()) {
			open_ways::way on = open_.next(visits_);
			if (objection wrong = follow(*on))
				return wrong;
			open_.is_over(std::move(on));
		}
		return {};
	}

	objection follow(path& on) {
		while (!on.is_over) {
			if (!of_.attr.unresolved.empty() && is_unresolved(of_.attr, on.at))
				return {}; // a run ends here
			if (meets_[on.at] != meets::nobody) {
				objection wrong;
				if (!is_worth(on, wrong))
					return wrong;
			}
			visits_.pass(on.at);
			if (steps_left_ == 0) {
				of_.leave(
					on, "the rest, after as many instructions as are looked at in a program of this length");
				open_.clear();
				return {};
			}
			--steps_left_;
			const u32 at = on.at, way = on.way;
			if (objection wrong = look_at(on)) {
				wrong->insn = at;
				wrong->way = in_words(of_.log, way, of_.attr);
				return wrong;
			}
		}
		return {};
	}

	/// Is there something new about the way, where it meets others? If it has been here before, and nothing
	/// has changed, it never ends.
	bool is_worth(path& on, objection& wrong) {
		const state_number state = number_of(on, live_[on.at]);
		switch (visits_.note(on.at, state)) {
		case visits::told::seen:
			if (state.is_all && meets_[on.at] == meets::again && of_.log.came_by(on.way, on.at, state.all)) {
				wrong = broken(rules::endless,
							   "infinite loop detected: a way comes back here, and nothing has changed", {},
							   EINVAL);
				wrong->insn = on.at;
				wrong->way = in_words(of_.log, on.way, of_.attr);
			}
			return false;
		case visits::told::enough:
			return false;
		default:
			if (meets_[on.at] == meets::again)
				on.way = of_.log.add(on.way, on.at, way_log::step::met, state.all);
			return true;
		}
	}

	objection look_at(path& on) {
		const bpf_insn insn = of_.attr.insns[on.at];
		if (const refusal* const wrong =
				of_.structure.wrong.empty() ? nullptr : of_.structure.wrong_at(on.at))
			return std::make_unique<refusal>(*wrong);
		if (is_exit(insn))
			return look_at_exit(of_, on);
		if (is_call(insn)) {
			if (insn.src_reg == call_kind::subprogram)
				return look_at_function_call(of_, on, insn);
			const u32 at = on.at;
			objection wrong = look_at_call(of_, on, insn, open_);
			if (on.at == at)
				++on.at;
			return wrong;
		}
		if (is_ja(insn)) {
			on.at = static_cast<u32>(s64{on.at} + 1 + jump_distance(insn));
			return {};
		}
		if (objection wrong = rule_of_sources(insn, on))
			return wrong;
		if (is_conditional(insn))
			return part(on, insn), objection{};
		objection wrong = look_at_plain(on, insn);
		on.at += is_ld_imm64(insn) ? 2 : 1;
		return wrong;
	}

	static objection rule_of_sources(bpf_insn insn, const path& on) {
		const read_registers reads = read_by(insn);
		for (const auto& [is_read, reg] :
			 {std::pair(reads.r0, u32{0}), std::pair(reads.src, u32{insn.src_reg}),
			  std::pair(reads.dst, u32{insn.dst_reg})})
			if (is_read && on.regs[reg].is == holds::unset)
				return broken(rules::unwritten, register_in_words(reg) + " !read_ok: it was never written");
		return {};
	}

	/// Both ways behind a branch, as far as they are known to be open.
	void part(path& on, bpf_insn insn) {
		const bool by_register = insn.code & insn_source::x;
		if (on.regs[insn.dst_reg].is == holds::anything ||
			(by_register && on.regs[insn.src_reg].is == holds::anything))
			return of_.leave(on, "what is behind a branch on a value that is not known");
		const bool is_signed = is_signed_comparison(insn);
		bool others = add_branch(on, insn, true, 0);
		for (const bool taken : {true, false})
			others = (is_signed && add_branch(on, insn, taken, 1)) || others;
		const path::place from{on.at, on.way};
		if (go_on(of_, on, insn, false, 0))
			return follow_branch(on, from, insn, false);
		if (!others)
			return of_.leave(on, "what is behind a comparison of numbers that are not known well enough");
		on.is_over = true; // the others are open
	}

	/// One of the ways behind a branch waits; false: it is not known to be open.
	bool add_branch(const path& on, bpf_insn insn, bool taken, unsigned which) {
		open_ways::way other = open_.copy_of(on);
		if (open_.is_full() || !go_on(of_, *other, insn, taken, which)) {
			open_.is_over(std::move(other));
			return false;
		}
		follow_branch(*other, {on.at, on.way}, insn, taken);
		open_.add(std::move(other));
		return true;
	}

	void follow_branch(path& on, path::place from, bpf_insn insn, bool taken) {
		on.way = of_.log.add(from.way, from.at, taken ? way_log::step::taken : way_log::step::not_taken);
		on.at = taken ? static_cast<u32>(s64{from.at} + 1 + jump_distance(insn)) : from.at + 1;
	}

	objection look_at_plain(path& on, bpf_insn insn) {
		switch (class_of(insn)) {
		case insn_class::ld:
			return look_at_imm64(on, insn);
		case insn_class::alu:
		case insn_class::alu64:
			return look_at_arithmetic(of_, on, insn);
		case insn_class::ldx:
			return look_at_load(of_, on, insn);
		default:
			return class_of(insn) == insn_class::stx && (insn.code & insn_mode::mask) == insn_mode::atomic
					   ? look_at_atomic(of_, on, insn)
					   : look_at_store(of_, on, insn);
		}
	}

	objection look_at_imm64(path& on, bpf_insn insn) {
		known& dst = on.regs[insn.dst_reg];
		const auto low = static_cast<u32>(insn.imm), high = static_cast<u32>(of_.attr.insns[on.at + 1].imm);
		const bool of_map = insn.src_reg == ld_imm64::map_idx || insn.src_reg == ld_imm64::map_idx_value;
		if (of_map && low >= of_.attr.maps.size())
			return of_.leave(on, "what is behind the name of a map that is not there"), objection{};
		switch (insn.src_reg) {
		case ld_imm64::map_idx:
			dst = pointer(holds::map, low);
			break;
		case ld_imm64::map_idx_value:
			dst = pointer(holds::map_value, low);
			dst.fixed = high;
			return rule_of_elements(of_, dst);
		case ld_imm64::func:
			dst = pointer(holds::function, on.at + 1 + low);
			break;
		default:
			dst = number(low | u64{high} << 32);
		}
		return {};
	}

	subject of_;
	const std::vector<u16> live_;
	visits visits_;
	std::vector<meets> meets_; ///< by instruction
	u64 steps_left_;
	open_ways open_;
};

} // namespace

refusal check_ways(const bpf_prog_load_attr& attr, const program_structure& structure,
				   const program_flow& flow, std::vector<bpf_not_looked_at>& left) {
	const auto explore = std::make_unique<exploration>(attr, structure);
	const objection wrong = explore->run();
	left = explore->left(flow);
	return wrong ? std::move(*wrong) : refusal{};
}

} // namespace sockops::vm::check
