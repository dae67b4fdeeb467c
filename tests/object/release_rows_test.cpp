// SPDX-License-Identifier: MIT
// What an object asks a release for, row by row: flags of maps, and what CO-RE is asked.
#include <algorithm>

#include <gtest/gtest.h>

#include <sockops/bpf/bpf_sock_ops_fields.hpp>
#include <sockops/bpf/helper_table.hpp>

#include "../../src/map/flag_table.hpp"
#include "../../src/object/core/subject_age.hpp"
#include "../../src/object/libbpf/map_release.hpp"
#include "../release_before.hpp"

namespace sockops {
namespace {

TEST(object_release, knows_since_when_a_map_may_have_each_flag) {
	for (const detail::map_flag_row& row : detail::map_flags) {
		const bpf_map_attr with{.map_type = BPF_MAP_TYPE_ARRAY, .map_flags = row.flag, .map_name = "it"};
		EXPECT_EQ(object::too_young(with, row.since), "") << row.name;
		EXPECT_EQ(object::too_young(with, release_before(row.since)).find(row.name), 0u) << row.name;
	}
}

/// Does bpf_core_enum_value_exists() or bpf_core_field_exists() say so?
bool exists(const object::core_subject& about, kernel_release kernel) {
	return !object::is_younger(about, kernel);
}

void expect_asked(const object::core_subject& about, kernel_release since) {
	EXPECT_TRUE(exists(about, std::max(since, first_release))) << about.member;
	if (since > first_release) {
		EXPECT_FALSE(exists(about, release_before(since))) << about.member;
	}
}

TEST(object_release, knows_since_when_there_is_what_programs_ask_for) {
	for (const op_info& row : op_table)
		expect_asked({"enum", std::string("BPF_SOCK_OPS_") + row.name, true}, row.since);
	for (const cb_flag_info& row : cb_flag_table)
		expect_asked({"enum", std::string("BPF_SOCK_OPS_") + row.name, true}, row.since);
	for (u32 type = 1; bpf_map_type_since(type) != 0; ++type)
		expect_asked({"enum bpf_map_type", std::string("BPF_MAP_TYPE_") + bpf_map_type_name(type), true},
					 bpf_map_type_since(type));
	for (const ctx_field& row : ctx_fields)
		expect_asked({"struct bpf_sock_ops", std::string(row.name)}, row.since);
	EXPECT_FALSE(exists({"struct bpf_sock_ops", "args[1]"}, release(4, 15)));
	EXPECT_TRUE(exists({"struct bpf_tcp_sock", "dsack_dups"}, first_release)) << "nobody knows since when";
}

/// A helper that is for programs of other types, too, is there before a SOCK_OPS program may call it.
TEST(object_release, finds_a_helper_when_it_is_there_for_some_program) {
	const auto value = [](const char* name) { return object::core_subject{"enum bpf_func_id", name, true}; };
	for (const bpf_helper& row : bpf_helpers)
		if (row.id != 0 && row.since != 0) {
			EXPECT_TRUE(exists(value(("BPF_FUNC_" + std::string(row.name.substr(4))).c_str()), row.since))
				<< row.name;
		}
	EXPECT_TRUE(exists(value("BPF_FUNC_get_current_pid_tgid"), first_release));
	EXPECT_TRUE(exists(value("BPF_FUNC_load_hdr_opt"), release(5, 10)));
	EXPECT_FALSE(exists(value("BPF_FUNC_load_hdr_opt"), release(5, 9)));
	EXPECT_FALSE(exists(value("BPF_FUNC_ringbuf_query"), release(5, 7)));
}

} // namespace
} // namespace sockops
