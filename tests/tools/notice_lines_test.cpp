// SPDX-License-Identifier: MIT
// Notices in few lines: one of each kind.
#include <gtest/gtest.h>

#include "../../src/tools/sockops_run/notice_lines.hpp"

namespace {

using namespace sockops;
using sockops_run::notice_lines;

object_notice of_type(const char* name, const char* type) {
	return {std::string(name) + " in full", notice_kind::program_of_other_type, name, type};
}

TEST(notice_lines, one_alone_of_its_kind_is_told_in_full) {
	EXPECT_EQ(notice_lines({of_type("pass", "XDP"), {"something else"}}),
			  (std::vector<std::string>{"pass in full", "something else"}));
	EXPECT_EQ(notice_lines({}), std::vector<std::string>{});
}

TEST(notice_lines, many_of_a_kind_are_one_line_by_their_details) {
	EXPECT_EQ(notice_lines(
				  {of_type("pass", "XDP"), {"between"}, of_type("probe", "KPROBE"), of_type("drop", "XDP")}),
			  (std::vector<std::string>{"left out: 3 programs of other types; a loader would load them, too "
										"(XDP: pass, drop; KPROBE: probe)",
										"between"}));
}

TEST(notice_lines, a_kind_that_each_map_has_in_its_own_way_is_told_by_the_first) {
	const auto pinned = [](const char* map, const char* how) {
		return object_notice{std::string(map) + " in full", notice_kind::map_of_other_loaders, map, how};
	};
	EXPECT_EQ(notice_lines({pinned("a", "pinning 16"), pinned("b", "pinning 100"), pinned("c", "pinning 16"),
							pinned("d", "pinning 16")}),
			  (std::vector<std::string>{"a in full; and so of 2 more: c, d", "b in full"}));
}

TEST(notice_lines, the_same_text_is_told_once_with_its_number) {
	EXPECT_EQ(notice_lines({{"x"}, {"y"}, {"x"}}), (std::vector<std::string>{"x (2 times)", "y"}));
}

TEST(notice_lines, variables_without_a_value_are_told_with_the_option_of_this_command) {
	EXPECT_EQ(notice_lines({{"object_options::kconfig", notice_kind::kconfig_not_set, "CONFIG_A"}}),
			  std::vector<std::string>{
				  "CONFIG_A (__kconfig __weak), 0 as if the kernel had no such option; "
				  "--kconfig NAME=VALUE says what it is, as the .config of the kernel has it"});
}

} // namespace
