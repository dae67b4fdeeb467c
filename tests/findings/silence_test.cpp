// SPDX-License-Identifier: MIT
// Nothing is found of the programs of this tree: of each object that its build compiles, in a connection with
// loss on either family and in each op by itself. They are 60 and more files of C, of which nobody thought of
// findings.
#include <algorithm>
#include <array>
#include <iostream>

#include <gmock/gmock.h>

#include <sockops/bpf/uapi.hpp>
#include <sockops/testing/object_test.hpp>
#include <tools/sockops_run/chosen_timeline.hpp>

#include "tree_objects.hpp"

namespace sockops::testing {
namespace {

struct compiled_object {
	const char *name, *file;
};
constexpr compiled_object objects[] = {TREE_OBJECTS};

/// What their names begin with: they are here to be refused, or lack what only their own test gives them.
constexpr std::array<std::string_view, 6> may_be_refused{"drop_bpf", "exec_calls", "file_",
														 "jiffies",  "stack_",     "switched"};

bool may_be(std::string_view name) {
	return std::ranges::any_of(may_be_refused, [&](std::string_view each) { return name.starts_with(each); });
}

/// What their names end with: they are written wrong on purpose, to show what is found.
constexpr std::array<std::string_view, 3> wrong_on_purpose{"_flows", "found_padding", "run_unwritten"};

bool is_wrong_on_purpose(std::string_view name) {
	return std::ranges::any_of(wrong_on_purpose, [&](std::string_view each) { return name.ends_with(each); });
}

std::vector<std::string> findings_of(const char* file) {
	std::vector<std::string> all;
	const auto note = [&all](const std::vector<std::string>& more) {
		all.insert(all.end(), more.begin(), more.end());
	};
	object_test test(file, net_profile{}, {.unchecked = true}); // some are stopped on purpose
	test.attach();
	for (const char* const family : {"\tfamily ipv4\n", "\tfamily ipv6\n"})
		note(test.play(std::string(family) + sockops_run::builtin_timeline).findings);
	for (u32 op = 1; op != std::size(op_table); ++op) {
		tcp_sock& sk = test.socket({.local_ip = "10.0.0.1", .local_port = 80, .cb_flags = 0x7f});
		note(test.fire(static_cast<bpf_sock_ops_op>(op), sk, {.anyway = true}).findings);
	}
	return all;
}

TEST(tree, has_no_program_of_which_something_is_found) {
	unsigned watched = 0;
	for (const auto& [name, file] : objects) {
		SCOPED_TRACE(name);
		try {
			const std::vector<std::string> findings = findings_of(file);
			if (is_wrong_on_purpose(name))
				EXPECT_FALSE(findings.empty());
			else
				EXPECT_THAT(findings, ::testing::IsEmpty());
			++watched;
		} catch (const object_error& e) {
			EXPECT_TRUE(may_be(name)) << e.what();
		}
	}
	std::cout << "watched " << watched << " of " << std::size(objects) << " objects\n";
	EXPECT_GE(watched, 110u);
}

} // namespace
} // namespace sockops::testing
