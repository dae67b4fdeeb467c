// SPDX-License-Identifier: MIT
// The words that sockops-run.schema.json lists are those of the tables from which --json takes them.

#include <iterator>
#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <jansson.h>

#include <sockops/bpf/uapi.hpp>
#include <sockops/net/tcp_states.hpp>
#include <sockops/testing/timeline.hpp>
#include <sockops/trace/call_text.hpp>
#include <sockops/trace/spoiled.hpp>

#include "map/type_table.hpp"
#include "tools/sockops_run/json_words.hpp"

namespace {

using namespace sockops;

using words = std::set<std::string>;

struct schema : ::testing::Test {
	std::unique_ptr<json_t, void (*)(json_t*)> whole{json_load_file(SCHEMA, JSON_REJECT_DUPLICATES, nullptr),
													 [](json_t* value) { json_decref(value); }};

	const json_t* part(const char* name) const {
		return json_object_get(json_object_get(whole.get(), "$defs"), name);
	}
	words listed(const char* name) const {
		words all;
		std::size_t at;
		json_t* each;
		json_array_foreach(json_object_get(part(name), "enum"), at, each) all.insert(json_string_value(each));
		return all;
	}
};

TEST_F(schema, has_the_version_that_is_printed) {
	const json_t* const version = json_object_get(json_object_get(part("start"), "properties"), "version");
	EXPECT_EQ(json_integer_value(json_object_get(version, "const")), sockops_run::json_version);
}

TEST_F(schema, lists_each_op_and_those_that_take_a_flag) {
	words ops, gated;
	for (const op_info& row : op_table) {
		if (row.states != 0)
			ops.insert(row.name);
		if (row.gate != 0)
			gated.insert(std::string(short_op_name(row.op)));
	}
	EXPECT_EQ(listed("op"), ops);
	EXPECT_EQ(listed("gated_op"), gated);
}

TEST_F(schema, lists_each_state_and_each_side) {
	words states;
	for (u32 state = 1; state != TCP_MAX_STATES; ++state)
		states.insert(tcp_state_name(state));
	EXPECT_EQ(listed("state"), states);
	EXPECT_EQ(listed("side"),
			  (words{side_name(sockops::testing::side::client), side_name(sockops::testing::side::server)}));
}

TEST_F(schema, lists_what_becomes_of_a_call_and_of_what_programs_did) {
	words fates, kinds;
	for (unsigned fate = 0; fate <= static_cast<unsigned>(trace_fate::withheld); ++fate)
		fates.insert(sockops_run::fate_name(static_cast<trace_fate>(fate)));
	for (unsigned kind = 0; kind <= static_cast<unsigned>(spoil::replaced_option); ++kind)
		kinds.insert(spoil_name(static_cast<spoil>(kind)));
	EXPECT_EQ(listed("fate"), fates);
	EXPECT_EQ(listed("spoil"), kinds);
}

TEST_F(schema, lists_why_a_test_fails) {
	using enum sockops::testing::text_failure::cause;
	words causes;
	for (const auto why : {expectation, stopped, finding, setup})
		causes.insert(sockops_run::cause_name(why));
	EXPECT_EQ(listed("cause"), causes);
}

TEST_F(schema, lists_who_refuses_a_program_and_what_becomes_of_an_object) {
	using by = bpf_load_error::by;
	using fate = sockops_run::checked_object::fate;
	EXPECT_EQ(listed("refuser"),
			  (words{sockops_run::refuser_name(by::kernel), sockops_run::refuser_name(by::not_here),
					 sockops_run::refuser_name(by::too_young)}));
	EXPECT_EQ(listed("check_fate"),
			  (words{sockops_run::fate_name(fate::checked), sockops_run::fate_name(fate::passed_over),
					 sockops_run::fate_name(fate::failed)}));
}

TEST_F(schema, lists_the_types_of_maps_that_there_are) {
	words types{"global variable"};
	for (const detail::map_type_row& row : detail::map_types)
		if (row.type)
			types.insert(row.name);
	EXPECT_EQ(listed("map_type"), types);
}

} // namespace
