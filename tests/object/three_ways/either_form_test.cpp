// SPDX-License-Identifier: MIT
// One face for both forms of a program: what an object has natively, and the same test of either.
#include <gtest/gtest.h>

#include <sockops/native/native_object.hpp>
#include <sockops/testing/fire.hpp>

#include "../../traps/support.hpp"

namespace {

using namespace trap_test;
using sockops::testing::fire;

std::string error_of(auto action) {
	try {
		action();
	} catch (const object_error& failure) {
		return failure.what();
	}
	return "";
}

TEST(native_object, is_opened_in_place_of_its_file) {
	bpf_object object =
		bpf_object::load_file("/nowhere/object_init_replies.bpf.o", {.form = program_form::native});
	EXPECT_TRUE(object.is_native());
	EXPECT_EQ(object.name(), "object_init_replies.bpf.o");
	one_socket on;
	attach(*on.root, object.prog());
	on.call(BPF_SOCK_OPS_TIMEOUT_INIT);
	EXPECT_EQ(object.global("asked")["timeout"], 1);
	EXPECT_FALSE(bpf_object::load_file(OBJECT_PROGRAMS "/object_init_replies.bpf.o").is_native());
}

TEST(native_object, has_the_variables_maps_and_programs_of_its_file) {
	const bpf_object interpreted = bpf_object::load_file(OBJECT_PROGRAMS "/object_tail_calls.bpf.o");
	const bpf_object native = bpf_object::open_native("object_tail_calls");
	EXPECT_EQ(native.global_names(), interpreted.global_names());
	EXPECT_EQ(native.prog_names(), interpreted.prog_names());
	EXPECT_EQ(native_object::load("object_conn_stats").map_names(),
			  bpf_object::load_file(OBJECT_PROGRAMS "/object_conn_stats.bpf.o").map_names());
}

TEST(native_object, has_what_programs_have_in_them_beside_the_usual) {
	std::vector<std::string> names;
	for (const program_form form : {program_form::interpreted, program_form::native}) {
		bpf_object object = bpf_object::load_file(AS_WRITTEN_OBJECT, {.form = form});
		one_socket on;
		on.sk.skc_num = 80;
		attach(*on.root, object.prog());
		on.call(BPF_SOCK_OPS_TCP_LISTEN_CB);
		EXPECT_EQ(object.global("said").string(), "op 11 on port 80");
		EXPECT_EQ(object.global("as_written.text").string(), "op %u on port %u")
			<< "static inside a function";
		EXPECT_NE(error_of([&] { object.global("as_written.text").set_text("x"); }), "");
		if (names.empty())
			names = object.global_names();
		EXPECT_EQ(object.global_names(), names);
	}
}

TEST(native_object, empties_its_prog_arrays_when_it_ends_though_a_program_is_attached) {
	one_socket on;
	bpf_prog_ptr kept;
	{
		const native_object object = native_object::load("object_tail_calls");
		kept = object.prog("tail_calls");
		attach(*on.root, kept);
		EXPECT_EQ(on.call(BPF_SOCK_OPS_RWND_INIT), 30);
	}
	EXPECT_NE(on.call(BPF_SOCK_OPS_RWND_INIT), 30);
	detach(*on.root, kept);
}

TEST(native_object, load_looks_at_the_file_with_the_constants_that_were_set) {
	const auto load_with = [](u32 writes) {
		return error_of([&] {
			native_object object = native_object::open("switched");
			object.global("writes").set(writes);
			object.load();
		});
	};
	EXPECT_EQ(load_with(0), "");
	EXPECT_NE(load_with(1).find("switched.bpf.c:"), std::string::npos);
}

/// The same test for a program by either face: what a user's own test would do.
template <class Object>
Object load_program(const char* name);
template <>
bpf_object load_program<bpf_object>(const char* name) {
	return bpf_object::load_file(std::string(OBJECT_PROGRAMS "/") + name + ".bpf.o");
}
template <>
native_object load_program<native_object>(const char* name) {
	return native_object::load(name);
}
template <class Object>
struct either_face : ::testing::Test {};
using faces = ::testing::Types<bpf_object, native_object>;
TYPED_TEST_SUITE(either_face, faces);

TYPED_TEST(either_face, options_are_stored_and_counted) {
	TypeParam object = load_program<TypeParam>("object_header_options");
	one_socket on;
	on.sk.skc_num = 9;
	attach(*on.root, object.prog());
	EXPECT_EQ(fire(BPF_SOCK_OPS_HDR_OPT_LEN_CB, on.sk).reserved, 8u);
	const std::vector<u8> expected = {254, 8, 0x1e, 0xaf, 0, 0, 0, 1};
	EXPECT_EQ(fire(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, on.sk, {.room = 8}).options, expected);
	EXPECT_EQ((object.map("heard")[9]["stored"]), 1);
	EXPECT_EQ((object.map("heard")[9]["reserved"]), 1);
}

TYPED_TEST(either_face, states_are_reported_as_records) {
	TypeParam object = load_program<TypeParam>("object_state_ringbuf");
	one_socket on;
	on.sk.skc_num = 9;
	attach(*on.root, object.prog());
	fire(BPF_SOCK_OPS_STATE_CB, on.sk, {.args = {TCP_ESTABLISHED, TCP_CLOSE}, .anyway = true});
	fire(BPF_SOCK_OPS_STATE_CB, on.sk, {.args = {TCP_LISTEN, TCP_CLOSE}, .anyway = true});
	const std::vector<typed_value> changes = object.map("changes").records("struct change");
	ASSERT_EQ(changes.size(), 1u);
	EXPECT_EQ(changes[0]["from"], TCP_ESTABLISHED);
	EXPECT_EQ(changes[0]["copied"], 1);
	EXPECT_EQ(object.global("discarded"), 1);
}

} // namespace
