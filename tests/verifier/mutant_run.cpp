// SPDX-License-Identifier: MIT
#include "mutant_run.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "case_text.hpp"
#include "never_sent.hpp"

namespace verdicts {

namespace {

using insn = sockops::bpf_insn;
using sockops::s32;
using sockops::u32;
namespace ld_imm64 = sockops::ld_imm64;

bool same(const insn& left, const insn& right) { return std::memcmp(&left, &right, sizeof left) == 0; }

bool is_map(insn of) {
	return of.code == ld_imm64::code &&
		   (of.src_reg == ld_imm64::map_idx || of.src_reg == ld_imm64::map_idx_value);
}
bool is_kfunc(insn of) {
	return of.code == (sockops::insn_class::jmp | sockops::jmp_op::call) &&
		   of.src_reg == sockops::call_kind::kfunc;
}

/// Is it the same program in both forms? If so, the maps' numbers are noted.
bool pair_up(mutant_base& base) {
	const std::vector<insn>&here = base.here->insns, &there = base.there->insns;
	if (here.size() != there.size() || verdicts::is_never_sent(here))
		return false;
	for (std::size_t at = 0; at != here.size(); ++at) {
		if (here[at].code != there[at].code)
			return false;
		if (is_map(here[at]))
			base.there_maps.at(static_cast<std::size_t>(here[at].imm)) = there[at].imm;
	}
	return std::ranges::find(base.there_maps, -1) == base.there_maps.end();
}

/// Does the instruction mean the same where CO-RE has filled in other numbers?
bool may_change(const mutant_base& base, u32 at) {
	const insn here = base.here->insns[at], there = base.there->insns[at];
	return is_map(here) || is_kfunc(here) || same(here, there);
}

struct mutant {
	const mutant_base* of;
	mutation change;
	std::vector<insn> here, there;
};

/// nullopt: it is the program itself, or one that is never sent.
std::optional<mutant> make_mutant(random_source& random, const mutant_bases& bases) {
	const mutant_base& base = bases.all()[random() % bases.all().size()];
	const std::optional<mutation> change =
		random_mutation(random, base.here->insns, base.here->maps().size());
	if (!change || !may_change(base, change->at))
		return std::nullopt;
	mutant made{&base, *change, base.here->insns, base.there->insns};
	apply(*change, made.here, base.here_maps);
	apply(*change, made.there, base.there_maps);
	if (std::ranges::equal(made.here, base.here->insns, same) || is_never_sent(made.here))
		return std::nullopt;
	return made;
}

void tell(const mutant& of, unsigned long number, const std::string& log,
		  const sockops::bpf_load_error& why) {
	const recorded_load& program = *of.of->here;
	const u32 at = of.change.at;
	std::printf(
		"mutant %lu: %s: program %s: %s (%s)\n\twas %s, is %s\n\tthe kernel takes it: %s\n\there: %s\n%s",
		number, of.of->file.c_str(), program.name().c_str(), in_words(of.change).c_str(),
		program.line_of(at).c_str(), text_of_insn(program.insns[at]).c_str(),
		text_of_insn(of.here[at]).c_str(), log.substr(log.size() > 200 ? log.size() - 200 : 0).c_str(),
		why.message.c_str(),
		text_of_case("mutants/" + program.name() + "-" + std::to_string(number), in_words(of.change), program,
					 of.here, 0)
			.c_str());
}

/// A kfunc that is handed r10 itself, where it takes something on the stack.
bool is_mistake(const std::vector<insn>& insns, u32 at) {
	constexpr insn r1_is_r10{0xbf, 1, 10, 0, 0}, nothing{0x05, 0, 0, 0, 0};
	if (at >= insns.size() || !is_kfunc(insns[at]))
		return false;
	while (at != 0 && same(insns[at - 1], nothing)) // dropped
		--at;
	return at != 0 && same(insns[at - 1], r1_is_r10);
}

void count(mutant_tally& in, const mutant& of) {
	const sockops::bpf_prog_load_attr attr = of.of->here->with(of.here);
	sockops::bpf_load_error why;
	const bool taken_here = static_cast<bool>(bpf_prog_load(attr, why));
	const bool taken_there = of.of->there->load(of.there, attr.license.c_str()) == 0;
	++in.mutants;
	in.both_take += taken_here && taken_there;
	in.both_refuse += !taken_here && !taken_there;
	in.kernel_refuses += taken_here && !taken_there;
	if (taken_here || !taken_there)
		return;
	if (why.refused_by != sockops::bpf_load_error::by::kernel) {
		++in.not_here;
		return;
	}
	if (is_mistake(of.here, why.insn)) {
		++in.here_refuses_mistakes;
		return;
	}
	const std::string log = of.of->there->log_of(of.there, attr.license.c_str());
	++(comes_to(log, why.insn) ? in.here_refuses : in.here_refuses_dead_code);
	tell(of, in.mutants, log, why);
}

} // namespace

void mutant_bases::add(const std::string& file) {
	auto made = std::make_unique<loaded>(file);
	std::string error = made->there.error();
	if (error.empty())
		made->here = loads_of(file, error, recording_of::unchecked);
	if (!error.empty()) {
		std::printf("left out: %s\n", error.c_str());
		return;
	}
	for (const recorded_load& here : made->here)
		for (const kernel_prog& there : made->there.progs()) {
			const std::size_t maps = here.maps().size();
			mutant_base base{file, &here, &there, std::vector<s32>(maps), std::vector<s32>(maps, -1)};
			for (std::size_t at = 0; at != maps; ++at)
				base.here_maps[at] = static_cast<s32>(at);
			if (here.name() == there.name && pair_up(base))
				bases_.push_back(std::move(base));
		}
	objects_.push_back(std::move(made));
}

std::string mutant_tally::words() const {
	return " both-take=" + std::to_string(both_take) + " both-refuse=" + std::to_string(both_refuse) +
		   " kernel-refuses=" + std::to_string(kernel_refuses) + " not-here=" + std::to_string(not_here) +
		   " kernel-mistakes=" + std::to_string(here_refuses_mistakes) +
		   " refused-in-dead-code=" + std::to_string(here_refuses_dead_code) +
		   " refused-here-only=" + std::to_string(here_refuses);
}

mutant_tally try_mutants(const mutant_bases& bases, unsigned long wanted, std::uint64_t seed) {
	random_source random(seed);
	mutant_tally all;
	if (bases.all().empty())
		return all;
	for (unsigned long tries = 0; all.mutants != wanted && tries != 100 * wanted; ++tries)
		if (const std::optional<mutant> made = make_mutant(random, bases))
			count(all, *made);
	return all;
}

} // namespace verdicts
