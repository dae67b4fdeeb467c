// SPDX-License-Identifier: MIT
#include "release_rules.hpp"

#include <algorithm>

#include <sockops/bpf/bpf_sock_ops_fields.hpp>
#include <sockops/bpf/helper_table.hpp>
#include <sockops/bpf/kfunc_table.hpp>

#include "../kern/release_words.hpp"
#include "find_loop.hpp"
#include "insn_releases.hpp"

namespace sockops::vm {

namespace {

// Of what can be loaded it is known since when: whoever adds a row finds it out.
static_assert(std::ranges::all_of(bpf_helpers, [](const bpf_helper& row) {
	return row.since != 0 || row.prototype.empty();
}));
static_assert(std::ranges::all_of(bpf_kfuncs, [](const bpf_kfunc& row) {
	return row.since != 0 || row.prototype.empty();
}));

struct young {
	std::string what; ///< with its verb: "bpf_x() is for SOCK_OPS programs"
	kernel_release since = 0;
	int error = EINVAL;
	std::string remedy{}; ///< "": what is said of all
};

class release_check {
  public:
	release_check(const bpf_prog_load_attr& attr, const program_flow& flow) : attr_(attr), flow_(flow) {}

	refusal run() const {
		if (!is_release(attr_.kernel))
			return {EINVAL, 0,
					"bpf_prog_load_attr::kernel is " + detail::release_in_words(attr_.kernel) + ": " +
						detail::release_remedy()};
		if (refusal wrong = length())
			return wrong;
		for (u32 at = 0; at != attr_.insns.size(); ++at)
			if (flow_.before[at].reached && !is_unresolved(attr_, at))
				if (refusal wrong = instruction(at))
					return wrong;
		return loop();
	}

  private:
	refusal refuse(u32 at, const young& what) const {
		if (what.since <= attr_.kernel)
			return {};
		refusal wrong{what.error, at,
					  what.what + " since Linux " + detail::release_in_words(what.since) +
						  "; --kernel asks for " + detail::release_in_words(attr_.kernel)};
		wrong.refused_by = bpf_load_error::by::too_young;
		wrong.rule = "release";
		wrong.remedy = (what.remedy.empty() ? leave_out() : what.remedy) + ", or ask for " +
					   detail::release_in_words(what.since) + " or later";
		return wrong;
	}

	/// How a program that is made for several releases does without.
	std::string leave_out() const {
		return attr_.kernel < constants_known_since
				   ? "leave it out of what is compiled for that release, by #if"
				   : "keep it behind a const volatile variable that is false there (what constants make "
					 "unreachable is not looked at)";
	}

	refusal length() const {
		return attr_.insns.size() <= few_insns
				   ? refusal{}
				   : refuse(0,
							{"a program of more than " + std::to_string(few_insns) + " instructions is taken",
							 many_insns_since, E2BIG, "divide it by bpf_tail_call()"});
	}

	refusal instruction(u32 at) const {
		const bpf_insn insn = attr_.insns[at];
		for (const insn_form& form : insn_form_table)
			if (form.is(insn))
				if (refusal wrong = refuse(at, {std::string(form.what) + " is taken", form.since, EINVAL,
												std::string(form.remedy)}))
					return wrong;
		if (is_call(insn))
			return call(at, insn);
		if (is_ld_imm64(insn) && insn.src_reg == ld_imm64::map_idx)
			return map(at, *attr_.maps[static_cast<u32>(insn.imm)].get());
		return access(at, insn);
	}

	refusal call(u32 at, bpf_insn insn) const {
		if (insn.src_reg == call_kind::helper)
			if (const bpf_helper* const row = find_helper(static_cast<u32>(insn.imm)))
				return refuse(at, {std::string(row->name) + "() is for SOCK_OPS programs", row->since});
		if (insn.src_reg == call_kind::kfunc)
			for (const auto& [number, name] : attr_.kfuncs)
				if (const bpf_kfunc* const row = number == insn.imm ? find_bpf_kfunc(name) : nullptr)
					return refuse(at, {name + "() is for SOCK_OPS programs", row->since});
		return {};
	}

	refusal map(u32 at, const bpf_map& named) const {
		const u32 type = named.attr.map_type;
		return refuse(at, {std::string("a map of type ") + bpf_map_type_name(type) + " ('" +
							   named.attr.map_name + "') is there",
						   bpf_map_type_since(type), EINVAL, "declare it of a type that is older"});
	}

	refusal access(u32 at, bpf_insn insn) const {
		const u8 cls = class_of(insn);
		if (cls != insn_class::ldx && cls != insn_class::st && cls != insn_class::stx)
			return {};
		const known_value& base = flow_.before[at].regs[cls == insn_class::ldx ? insn.src_reg : insn.dst_reg];
		if (base.is != known_value::what::ctx)
			return {};
		if (cls == insn_class::st)
			if (refusal wrong =
					refuse(at, {"a constant is stored into the context by one instruction",
								constant_into_context_since, EACCES, "compile with clang's -mcpu=v3"}))
				return wrong;
		return field(at, static_cast<s32>(base.value) + insn.off);
	}

	/// Of fields that overlap the oldest counts.
	refusal field(u32 at, s32 offset) const {
		const ctx_field* oldest = nullptr;
		for (const ctx_field& row : ctx_fields)
			if (offset >= row.offset && offset < row.offset + row.size * row.count)
				if (!oldest || row.since < oldest->since)
					oldest = &row;
		return oldest
				   ? refuse(at, {"skops->" + std::string(oldest->name) + " is there", oldest->since, EACCES})
				   : refusal{};
	}

	refusal loop() const {
		const std::optional<jump_back> found = find_loop(attr_.insns, flow_);
		return found
				   ? refuse(found->from,
							{"a loop (a jump back to instruction " + std::to_string(found->to) + ") is taken",
							 loops_since, EINVAL, "unroll it: #pragma unroll before it"})
				   : refusal{};
	}

	const bpf_prog_load_attr& attr_;
	const program_flow& flow_;
};

} // namespace

refusal check_release(const bpf_prog_load_attr& attr, const program_flow& flow) {
	return attr.kernel == modelled_release ? refusal{} : release_check(attr, flow).run();
}

} // namespace sockops::vm
