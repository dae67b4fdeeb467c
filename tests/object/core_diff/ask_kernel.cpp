// SPDX-License-Identifier: MIT
// The programs do not come to their relocation in the kernel, so that it takes those too in which nothing was
// found.
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>

#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <object/core/core_records.hpp>
#include <object/object_files.hpp>

#include "accesses.hpp"

namespace core_diff {

namespace {

constexpr __s32 poisoned = 0xbad2310;

answer answer_in(const ::bpf_insn* insns, std::size_t count, std::size_t at) {
	if (at >= count)
		return {false, 0, "no instruction " + std::to_string(at)};
	const ::bpf_insn insn = insns[at];
	if (insn.code == (BPF_JMP | BPF_CALL) && insn.imm == poisoned)
		return {};
	const auto low = static_cast<std::uint32_t>(insn.imm);
	if (insn.code == (BPF_LD | BPF_DW | BPF_IMM) && at + 1 < count)
		return {true, low | std::uint64_t{static_cast<std::uint32_t>(insns[at + 1].imm)} << 32, {}};
	if ((insn.code & 0xf7) == (BPF_ALU | BPF_MOV | BPF_K)) // of 32 bits
		return {true, low, {}};
	return {true, static_cast<std::uint64_t>(std::int64_t{insn.imm}), {}};
}

/// The instruction of each program that is relocated, by its function's type.
std::map<std::uint32_t, std::size_t> places(const std::string& path) {
	std::map<std::uint32_t, std::size_t> found;
	for (const auto& [place, record] : sockops::object::read_core_records(sockops::object::read_file(path)))
		found[place.function] = place.insn;
	return found;
}

int say_nothing(libbpf_print_level, const char*, va_list) { return 0; }

} // namespace

std::vector<answer> ask_kernel(const std::string& path, const generated& of) {
	::libbpf_set_print(say_nothing);
	const std::unique_ptr<::bpf_object, void (*)(::bpf_object*)> object(::bpf_object__open(path.c_str()),
																		::bpf_object__close);
	if (!object || ::bpf_object__load(object.get()) != 0)
		return {of.accesses.size(),
				{false, 0, std::string("the kernel did not load it: ") + std::strerror(errno)}};
	const auto at = places(path);
	std::vector<answer> answers;
	for (const core_question& each : of.accesses) {
		const ::bpf_program* const prog =
			::bpf_object__find_program_by_name(object.get(), each.program.c_str());
		const int function =
			::btf__find_by_name_kind(::bpf_object__btf(object.get()), each.program.c_str(), BTF_KIND_FUNC);
		const auto place = at.find(static_cast<std::uint32_t>(function));
		answers.push_back(prog && place != at.end() ? answer_in(::bpf_program__insns(prog),
																::bpf_program__insn_cnt(prog), place->second)
													: answer{false, 0, "it has no relocation"});
	}
	return answers;
}

} // namespace core_diff
