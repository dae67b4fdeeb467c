// SPDX-License-Identifier: MIT
// bpf_setsockopt() and bpf_getsockopt() in the machine's kernel and here.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "../../kernel_cases.hpp"
#include "../../seed.hpp"
#include "kernel_side.hpp"
#include "library_side.hpp"
#include "scripts.hpp"

namespace {

using namespace sockopt_diff;

struct comparison {
	unsigned long cases = 0, mismatches = 0, failed = 0;
	std::vector<std::string> first;
};

void compare(kernel_side& kernel, std::vector<scene> scenes, comparison& result) {
	for (scene& each : scenes) {
		if (!kernel.play(each) && ++result.failed < 5)
			std::printf("%s: the connection failed: %s\n", each.name.c_str(), std::strerror(errno));
		for (const act& one : each.acts)
			result.cases += one.done ? one.steps.size() : 0;
		const auto words = differences(each, play_in_library(kernel.where(), each));
		result.mismatches += words.size();
		for (std::size_t at = 0; at != words.size() && result.first.size() < 40; ++at)
			result.first.push_back(words[at]);
	}
}

void expect_same(const std::string& name, kernel_side& kernel, std::vector<scene> scenes) {
	comparison result;
	compare(kernel, std::move(scenes), result);
	report_cases("sockopt " + name, result.cases, result.mismatches);
	for (const std::string& words : result.first)
		std::printf("  %s\n", words.c_str());
	EXPECT_EQ(result.failed, 0u);
}

struct kernel_sockopt : testing::Test {
	kernel_side kernel;
	void SetUp() override {
		if (!kernel.unusable().empty())
			GTEST_SKIP() << kernel.unusable();
	}
};

TEST_F(kernel_sockopt, every_level_option_and_length) { expect_same("every option", kernel, every_option()); }
TEST_F(kernel_sockopt, the_values_of_each_option_in_each_op) { expect_same("values", kernel, every_value()); }
TEST_F(kernel_sockopt, names_of_algorithms_and_devices) {
	expect_same("names", kernel, names(kernel.where()));
}
TEST_F(kernel_sockopt, syns) { expect_same("SYNs", kernel, saved_syns()); }
TEST_F(kernel_sockopt, ops_with_other_rules) { expect_same("other ops", kernel, other_ops()); }
TEST_F(kernel_sockopt, random_options_and_what_children_inherit) {
	expect_same("random", kernel, all_of_it() ? random_sequences(700, seed_of_run()) : random_sequences(600));
}
TEST_F(kernel_sockopt, what_a_namespaces_sysctls_make_of_it) {
	surroundings other = kernel.where();
	const int wmem[3] = {5000, 20'000, 100'000}, rmem[3] = {5000, 30'000, 200'000};
	std::copy_n(wmem, 3, other.wmem);
	std::copy_n(rmem, 3, other.rmem);
	other.congestion_control = "reno";
	other.keepalive_time = 100;
	other.keepalive_intvl = 7;
	other.keepalive_probes = 3;
	other.syn_retries = 2;
	other.rto_max_ms = 5'000;
	other.txrehash = 0;
	for (const int labels : {0, 1, 2, 3}) {
		other.auto_flowlabels = labels;
		ASSERT_EQ(kernel.change(other), "");
		expect_same("sysctls", kernel, random_sequences(100));
	}
}

} // namespace
