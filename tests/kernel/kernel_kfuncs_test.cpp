// SPDX-License-Identifier: MIT
// Which kfuncs the machine's kernel lets a SOCK_OPS program call: each that it has, called with numbers for
// arguments. The verifier tells apart what is not for programs of this type and what is wrong with a call.
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdio>

#include <sockops/bpf/kfunc_table.hpp>

#include "../helper_number.hpp"
#include "../kernel_cases.hpp"
#include "kernel_btf.hpp"
#include "verifier.hpp"

namespace kernel_diff {
namespace {

using sockops::kfunc_use;

const char* in_words(kfunc_use use) {
	switch (use) {
	case kfunc_use::callable:
		return "callable";
	case kfunc_use::may_sleep:
		return "for programs that may sleep";
	default:
		return "not allowed";
	}
}

kfunc_use in_kernel(const kernel_function& kfunc) {
	std::vector<abi::insn> insns;
	for (std::uint8_t reg = 1; reg <= 5; ++reg)
		insns.push_back({0xb7, reg, 0, 0, 0});
	insns.push_back({0x85, 0, 2, 0, kfunc.id});
	insns.push_back({0xb7, 0, 0, 0, 1});
	insns.push_back({0x95, 0, 0, 0, 0});
	const std::string log = verify(abi::sock_ops, insns).log;
	if (log.find("program must be sleepable") != log.npos)
		return kfunc_use::may_sleep;
	for (const char* refusal : {"is not allowed", "require device-bound program", "unexpected __bpf_trap()"})
		if (log.find(refusal) != log.npos)
			return kfunc_use::not_allowed;
	return kfunc_use::callable;
}

kfunc_use in_table(std::string_view name) {
	const sockops::bpf_kfunc* const row = sockops::find_bpf_kfunc(name);
	return row ? row->use : kfunc_use::not_allowed;
}

/// The kernel's configuration decides which it has: those that the table does not know have to be for others.
TEST(kernel_verifier, each_kfunc_by_name) {
	if (const std::string why = why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	if (const std::string why = other_release_than_of_tables(); !why.empty())
		GTEST_SKIP() << why;
	if (kernel_kfuncs().empty())
		GTEST_SKIP() << "the kernel has no BTF that marks its kfuncs";
	unsigned long cases = 0, mismatches = 0, callable = 0;
	for (const kernel_function& each : kernel_kfuncs()) {
		const kfunc_use here = in_table(each.name), kernel = in_kernel(each);
		const bool known = sockops::find_bpf_kfunc(each.name) || sockops::is_kfunc_of_others(each.name);
		++cases;
		callable += kernel == kfunc_use::callable;
		if (here == kernel && known)
			continue;
		++mismatches;
		std::printf("%s: here %s%s, the kernel: %s\n", each.name.c_str(), in_words(here),
					known ? "" : " (not in the table)", in_words(kernel));
	}
	std::printf("%lu of them can be called\n", callable);
	report_cases("kfuncs", cases, mismatches);
	EXPECT_GT(callable, 40u);
}

/// A slice of 8 bytes of a map's value, by one kfunc or the other.
verdict slice_by(const char* kfunc, int map) {
	const abi::insn insns[] = {{0x18, 1, 2, 0, map},
							   {0, 0, 0, 0, 0},
							   {0xb7, 2, 0, 0, 16},
							   {0xb7, 3, 0, 0, 0},
							   {0xbf, 4, 10, 0, 0},
							   {0x07, 4, 0, 0, -16},
							   {0x85, 0, 0, 0, helper_number("bpf_dynptr_from_mem")},
							   {0xbf, 1, 10, 0, 0},
							   {0x07, 1, 0, 0, -16},
							   {0xb7, 2, 0, 0, 0},
							   {0xb7, 3, 0, 0, 0},
							   {0xb7, 4, 0, 0, 8},
							   {0x85, 0, 2, 0, btf_func(kfunc)},
							   {0xb7, 0, 0, 0, 1},
							   {0x95, 0, 0, 0, 0}};
	return verify(abi::sock_ops, insns);
}

TEST(kernel_verifier, a_slice_that_can_be_written_is_not_for_these_programs) {
	if (const std::string why = why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	if (btf_func("bpf_dynptr_slice_rdwr") == 0)
		GTEST_SKIP() << "the kernel has no bpf_dynptr_slice_rdwr(), or no BTF";
	abi::map_create_attr attr{abi::map_array, 4, 16, 1, 0};
	const owned_fd map(static_cast<int>(bpf_call(abi::map_create, attr)));
	const verdict read = slice_by("bpf_dynptr_slice", map.get());
	EXPECT_EQ(read.error, 0) << read.log;
	const verdict written = slice_by("bpf_dynptr_slice_rdwr", map.get());
	EXPECT_EQ(written.error, -EINVAL);
	EXPECT_NE(written.log.find("does not allow writes to packet data"), std::string::npos) << written.log;
	EXPECT_EQ(sockops::find_bpf_kfunc("bpf_dynptr_slice_rdwr")->prototype, "");
}

} // namespace
} // namespace kernel_diff
