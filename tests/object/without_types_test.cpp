// SPDX-License-Identifier: MIT
// Objects that were compiled without -g: they load and run where nothing in them needs types.
#include "support.hpp"

namespace {

using namespace sockops;

std::string load_error(const char* path) {
	return error_of([&] { (void)bpf_object::load_file(path); });
}

TEST(object_without_types, loads_and_runs) {
	object_world on;
	bpf_object object = bpf_object::open_file(FILE_GLOBALS_WITHOUT_TYPES_OBJECT);
	EXPECT_EQ(object.global("step").as<u16>(), 3);
	object.global("step").set(u16{5});
	object.load();
	EXPECT_EQ(object.notices(), std::vector<object_notice>{});
	EXPECT_EQ(object.prog_names(), std::vector<std::string>{"a_program_with_a_longer_name"});
	EXPECT_STREQ(object.prog().get()->name, "a_program_with_a_longer_name");
	EXPECT_EQ(on.fire(object.prog()), 2 * BPF_SOCK_OPS_TCP_CONNECT_CB + 1);
	EXPECT_EQ(object.global("total").as<u64>(), 45u);
	EXPECT_EQ(object.global("calls").as<u32>(), 1u);
	EXPECT_EQ(object.global("hidden").as<u8>(), 1u) << "static";
	object.global("hidden").set(u8{0});
	EXPECT_EQ(on.fire(object.prog()), 2 * BPF_SOCK_OPS_TCP_CONNECT_CB);
}

TEST(object_without_types, its_values_are_bytes_and_say_why) {
	bpf_object object = bpf_object::load_file(FILE_GLOBALS_WITHOUT_TYPES_OBJECT);
	EXPECT_EQ(object.global("total").type_name(), "");
	EXPECT_EQ(error_of([&] { (void)object.global("total")["member"]; }),
			  "bytes of no known type (the object was compiled without -g) has no member 'member'");
	EXPECT_EQ(
		error_of([&] { (void)object.global("totel"); }),
		"file_globals_without_types.bpf.o: no global variable 'totel'; it has step, hidden, total, calls");
	bpf_object old = bpf_object::load_file(FILE_OLD_MAPS_WITHOUT_TYPES_OBJECT);
	EXPECT_EQ(error_of([&] { (void)old.map("of_tc").records("struct event"); }),
			  "the object has no types, so also no 'struct event': it was compiled without -g");
}

TEST(object_without_types, a_refused_program_is_named_in_full_and_the_line_is_missed) {
	const std::string said = load_error(FILE_REFUSED_WITHOUT_TYPES_OBJECT);
	EXPECT_TRUE(said.starts_with("file_refused_without_types.bpf.o: section 'sockops': "
								 "a_program_that_is_refused: instruction 1: "))
		<< said;
	EXPECT_TRUE(said.ends_with(" (compiled with -g, the object would tell the source line)")) << said;
}

TEST(object_without_types, what_needs_them_says_so) {
	EXPECT_EQ(
		load_error(FILE_CONNS_WITHOUT_TYPES_OBJECT),
		"file_conns_without_types.bpf.o: no BTF, by which the maps in its section '.maps' are declared: "
		"compile it with clang -target bpf -O2 -g");
	const std::string said = load_error(FILE_KCONFIG_WITHOUT_TYPES_OBJECT);
	EXPECT_TRUE(
		said.ends_with("; it has no BTF, which externs need: compile it with clang -target bpf -O2 -g"))
		<< said;
	EXPECT_NE(said.find("'CONFIG_HZ'"), std::string::npos) << said;
}

} // namespace
