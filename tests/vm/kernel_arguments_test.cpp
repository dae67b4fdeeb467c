// SPDX-License-Identifier: MIT
// What is wrong with a call's arguments: every argument of every helper in every wrong way, asked of the
// machine's verifier and of bpf_prog_load(). Both take the same, but for sockets in the place of something
// else, which are not known from other pointers here.
#include <gtest/gtest.h>

#include <cstdio>

#include <sockops/vm/prog_load.hpp>

#include "../../src/helper/all.hpp"
#include "../../src/helper/tail_call.hpp"
#include "../kernel/verifier.hpp"
#include "../kernel_cases.hpp"
#include "call_maker.hpp"

namespace call_test {
namespace {

/// What both say to one program.
struct two_verdicts {
	bool taken_here, taken_by_kernel;
	std::string why_here, why_kernel;
};

two_verdicts ask_both(const made_call& program, const both_maps& maps) {
	bpf_prog_load_attr attr{"call", program.here};
	for (const map_pair& each : maps.all())
		attr.maps.push_back(each.here);
	bpf_load_error why;
	const bpf_prog_ptr made = bpf_prog_load(attr, why);
	const kernel_diff::verdict kernel = kernel_diff::verify(kernel_diff::abi::sock_ops, program.kernel);
	return {static_cast<bool>(made.get()), kernel.error == 0, why.message, kernel.log};
}

struct tally {
	unsigned helpers = 0, cases = 0, mismatches = 0, refused_here = 0, refused_by_kernel = 0,
			 sockets = 0; ///< that only the kernel knows from other pointers
	std::string not_made;
};

void compare(const helper::call_prototype& called, u32 id, const both_maps& maps, tally& total) {
	const std::optional<made_call> right = make_call(called, id, maps);
	if (!right) {
		total.not_made.append(" ").append(called.name);
		return;
	}
	++total.helpers;
	const two_verdicts control = ask_both(*right, maps);
	EXPECT_TRUE(control.taken_here) << control.why_here;
	EXPECT_TRUE(control.taken_by_kernel) << called.name << ":\n" << control.why_kernel;
	for (u32 argument = 0; argument != called.count; ++argument)
		for (u8 each = 0; each != static_cast<u8>(wrong::count); ++each) {
			const auto given = static_cast<wrong>(each);
			const std::optional<made_call> program = make_call(called, id, maps, std::pair(argument, given));
			if (!program)
				continue;
			const two_verdicts said = ask_both(*program, maps);
			++total.cases;
			total.refused_here += !said.taken_here;
			total.refused_by_kernel += !said.taken_by_kernel;
			if (said.taken_here == said.taken_by_kernel)
				continue;
			if (said.taken_here &&
				given == wrong::socket) { // what a load from the context gave is not followed
				++total.sockets;
				continue;
			}
			++total.mismatches;
			std::printf("differs: argument %u of %s() is %s; here: '%s'; kernel:\n%s\n", argument + 1,
						std::string(called.name).c_str(), name_of(given), said.why_here.c_str(),
						said.why_kernel.c_str());
		}
}

TEST(kernel_arguments, that_are_wrong_are_refused_and_no_others) {
	if (const std::string why = kernel_diff::why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	const both_maps maps;
	ASSERT_EQ(maps.failure(), "");
	tally total;
	compare(helper::tail_call_prototype, find_helper("bpf_tail_call")->id, maps, total);
	helper::all_rules::for_each([&]<class Rule>() {
		if (const bpf_helper* const row = find_helper(Rule::name); row && row->id != 0)
			compare(Rule::prototype, row->id, maps, total);
	});
	report_cases("arguments", total.cases, total.mismatches);
	std::printf(
		"%u helpers; refused by the kernel %u, here all but %u sockets in the place of something else\n"
		"helpers of which not every argument can be made in a few instructions:%s\n",
		total.helpers, total.refused_by_kernel, total.sockets, total.not_made.c_str());
	EXPECT_GE(total.helpers, 40u);
	EXPECT_EQ(total.refused_here + total.sockets, total.refused_by_kernel);
}

} // namespace
} // namespace call_test
