// SPDX-License-Identifier: MIT
// The helpers of natively compiled programs: that there are all that interpreted ones have, and that they are
// called by programs alone.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include <sockops/bpf/kfunc_table.hpp>

#include <object/program_code.hpp>
#include <vm/helper_faces.hpp>

#include "../../traps/support.hpp"

extern "C" void* sockops_native_bpf_map_lookup_elem(void* map, const void* key);
extern "C" sockops::u64 sockops_native_bpf_ktime_get_ns();
extern "C" long sockops_native_bpf_get_current_comm(void* buf, sockops::u32 size_of_buf);
extern "C" long sockops_native_bpf_ringbuf_reserve_dynptr(void* ringbuf, sockops::u32 size,
														  sockops::u64 flags, void* ptr);
extern "C" void sockops_native_bpf_ringbuf_discard_dynptr(void* ptr, sockops::u64 flags);

namespace {

using namespace trap_test;

std::string content_of(const char* path) {
	std::ostringstream text;
	text << std::ifstream(path).rdbuf();
	return text.str();
}

TEST(native_helpers, are_those_of_interpreted_programs) {
	const std::string declared =
		content_of(WRITTEN_HEADERS "/bpf_helper_defs.h") + content_of(NATIVE_HEADERS "/bpf_helpers.h");
	unsigned count = 0;
	for (const bpf_helper& each : bpf_helpers) {
		if (!vm::find_helper_face(each.id) && each.id != vm::helper_tail_call)
			continue;
		++count;
		EXPECT_NE(declared.find(std::string(each.name) + "("), std::string::npos) << each.name;
	}
	EXPECT_GT(count, 40u);
}

TEST(native_helpers, kfuncs_are_those_of_interpreted_programs_and_of_the_table) {
	const std::string declared = content_of(WRITTEN_HEADERS "/bpf_helper_defs.h");
	unsigned count = 0;
	for (const bpf_kfunc& each : bpf_kfuncs) {
		const bool here = !each.prototype.empty();
		count += here;
		EXPECT_EQ(vm::find_kfunc_face(each.name) != nullptr, here) << each.name;
		EXPECT_EQ(declared.find(std::string(each.name) + "(") != std::string::npos, here) << each.name;
		EXPECT_EQ(each.why_not.empty(), here) << each.name;
		EXPECT_FALSE(is_kfunc_of_others(each.name)) << each.name;
	}
	EXPECT_GT(count, 30u);
}

TEST(native_helpers, are_for_programs_that_run) {
	recorded_reports reports;
	EXPECT_EQ(sockops_native_bpf_ktime_get_ns(), 0u);
	expect_report(reports, "bpf_ktime_get_ns", {"called outside a program"});
	void* no_map = nullptr;
	EXPECT_EQ(sockops_native_bpf_map_lookup_elem(&no_map, &no_map), nullptr);
	expect_report(reports, "bpf_map_lookup_elem", {"its map is not there", "load()"});
}

TEST(native_helpers, have_numbers_and_kfuncs_have_none) {
	const object::program_codes* const linked = object::linked_program_codes();
	ASSERT_NE(linked, nullptr);
	EXPECT_EQ(linked->helper_function(find_helper("bpf_ktime_get_ns")->id),
			  reinterpret_cast<void*>(sockops_native_bpf_ktime_get_ns));
	EXPECT_EQ(linked->helper_function(0), nullptr) << "a call of NULL calls nothing";
}

TEST(native_helpers, write_nothing_where_there_is_no_room) {
	recorded_reports reports;
	char name[16] = {7};
	EXPECT_EQ(sockops_native_bpf_get_current_comm(name, 0), -EINVAL);
	expect_report(reports, "bpf_get_current_comm", {"its memory is 0 bytes or fewer"});
	EXPECT_EQ(name[0], 7);
	EXPECT_EQ(sockops_native_bpf_get_current_comm(nullptr, 16), -EINVAL);
	expect_report(reports, "bpf_get_current_comm", {"its memory is NULL"});
}

TEST(native_helpers, that_make_a_dynptr_leave_a_null_one_where_they_fail) {
	recorded_reports reports;
	u64 dynptr[2] = {~u64{0}, ~u64{0}};
	void* no_map = nullptr;
	EXPECT_EQ(sockops_native_bpf_ringbuf_reserve_dynptr(&no_map, 8, 0, dynptr), -EINVAL);
	expect_report(reports, "bpf_ringbuf_reserve_dynptr", {"its map is not there"});
	EXPECT_EQ(dynptr[0], 0u);
	sockops_native_bpf_ringbuf_discard_dynptr(dynptr, 0); // as the program has to, whatever it got
}

} // namespace
