// SPDX-License-Identifier: MIT
#include "answer_here.hpp"

#include <algorithm>

#include <sockops/cgroup/link.hpp>
#include <sockops/testing/play.hpp>
#include <sockops/vm/core_types.hpp>
#include <sockops/vm/fault.hpp>
#include <tools/sockops_run/chosen_timeline.hpp>

#include "case_code.hpp"
#include "maps_here.hpp"

namespace verdicts {

using namespace sockops;

const char* name_of(outcome what) {
	constexpr const char* names[] = {"refused", "not-here", "stopped", "plays"};
	return names[static_cast<std::size_t>(what)];
}

namespace {

/// The library has not what a case needs.
struct not_here : std::runtime_error {
	using std::runtime_error::runtime_error;
};

/// An offset in the library's own objects.
std::optional<u32> symbol_here(const std::string& symbol) {
	const std::size_t dot = symbol.find('.');
	for (const core_member& each : core_members())
		if (symbol.substr(0, dot) == each.type && symbol.substr(dot + 1) == each.name)
			return each.offset;
	return std::nullopt;
}

bpf_argument_type type_here(const std::string& word) {
	using enum bpf_argument_type::what;
	constexpr std::string_view numbers[] = {"int", "long", "u32", "u64", "u8", "bool"};
	const std::vector<std::string> parts = parts_of(word, ':');
	const bool nonnull = parts.size() > 1 && parts[1] == "nonnull";
	const std::string& type = parts[0];
	if (type == "void")
		return {nothing};
	if (std::ranges::find(numbers, type) != std::end(numbers))
		return {number};
	if (type == "ctx")
		return {context};
	if (type == "void*")
		return {untyped};
	if (type == "char*")
		return {memory, 1, nonnull};
	if (type.starts_with("mem"))
		return {memory, static_cast<u32>(number_of(type.substr(3))), nonnull};
	fail("no type '" + word + "'");
}

/// What bpf_prog_load() is given; the instructions are the code's.
class request {
  public:
	explicit request(const verifier_case& of) : code_(assemble(of.code, symbol_here)) {
		attr.name = "case";
		attr.license = of.license;
		for (const case_map& each : of.maps)
			if (const std::string why = why_no_map(each); !why.empty())
				throw not_here(why);
			else
				attr.maps.push_back(make_map_here(each));
		for (const named_use& each : code_.maps)
			name_map(of, each);
		for (const named_use& each : code_.kfuncs)
			name_kfunc(each);
		for (const case_function& each : code_.functions)
			attr.functions.push_back(function_of(each));
		attr.insns = code_.insns;
	}

	bpf_prog_load_attr attr;

  private:
	void name_map(const verifier_case& of, const named_use& use) {
		const auto found = std::ranges::find(of.maps, use.name, &case_map::name);
		if (found == of.maps.end())
			fail("no map '" + use.name + "'");
		bpf_insn& load = code_.insns[use.insn];
		load.src_reg = load.src_reg == ld_imm64::map_fd ? ld_imm64::map_idx : ld_imm64::map_idx_value;
		load.imm = static_cast<s32>(found - of.maps.begin());
	}
	void name_kfunc(const named_use& use) {
		const auto number = static_cast<s32>(1000 + attr.kfuncs.size());
		attr.kfuncs.emplace_back(number, use.name);
		code_.insns[use.insn].imm = number;
	}
	static bpf_function function_of(const case_function& of) {
		bpf_function made{of.insn, of.name, of.is_global, type_here(of.result)};
		for (const std::string& each : of.arguments)
			made.arguments.push_back(type_here(each));
		return made;
	}

	case_code code_;
};

/// Faults are kept by the program.
struct silent final : sockops::testing::play_listener {
	bool printk(sockops::testing::side, u64, const char*) override { return true; }
	bool fault(sockops::testing::side, u64, const bpf_fault&) override { return true; }
};

answer play_with(const bpf_prog_ptr& prog) {
	static const sockops::testing::timeline what =
		sockops::testing::timeline::parse(sockops_run::builtin_timeline);
	const cgroup_root world;
	const bpf_link link(*world, prog);
	if (!link)
		fail("it cannot be attached");
	silent listener;
	try {
		(void)sockops::testing::play(what, world, {.listener = &listener});
	} catch (const sockops::testing::no_connection&) { // by what the program does
	}
	if (bpf_prog_faults(*prog.get()) != 0)
		return {outcome::stopped, bpf_prog_last_fault(*prog.get())};
	return {outcome::plays, ""};
}

answer load_and_play(const verifier_case& of) {
	if (of.flags != 0)
		throw not_here("no flags of a load");
	const request asked(of);
	bpf_load_error why;
	const bpf_prog_ptr prog = bpf_prog_load(asked.attr, why);
	if (prog)
		return play_with(prog);
	const bool is_kernels = why.refused_by == bpf_load_error::by::kernel;
	return {is_kernels ? outcome::refused : outcome::not_here, why.message, why};
}

} // namespace

answer answer_here(const verifier_case& of) {
	try {
		return load_and_play(of);
	} catch (const not_here& why) {
		return {outcome::not_here, why.what()};
	} catch (const unknown_symbol& why) {
		return {outcome::not_here, why.what()};
	} catch (const std::runtime_error& wrong) {
		throw std::runtime_error(of.place + ": " + of.name + ": " + wrong.what());
	}
}

} // namespace verdicts
