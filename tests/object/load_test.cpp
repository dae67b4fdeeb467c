// SPDX-License-Identifier: MIT
// Objects that load and run, and show what they have done.
#include "support.hpp"

namespace {

using namespace sockops;

struct bpf_object_load : testing::Test {
	object_world on;
};

TEST_F(bpf_object_load, a_compiled_file_loads_and_runs) {
	bpf_object object = bpf_object::load_file(FILE_CONNS_OBJECT);
	EXPECT_EQ(object.name(), "file_conns.bpf.o");
	EXPECT_EQ(object.prog_names(), std::vector<std::string>{"tune"});
	EXPECT_EQ(object.map_names(), (std::vector<std::string>{"calls_by_cpu", "conns", "events"}));
	EXPECT_EQ(object.notices(), std::vector<object_notice>{});
	on.sk.skc_num = 4711;
	on.fire(object.prog());
	EXPECT_EQ(object.global("calls"), 1);
	EXPECT_EQ(object.map("conns").text(),
			  "conns: 1 entry\n"
			  "  4711 = {packets = 1, peer = {port = 80, flags = 5, retries = 17}, word = 80, byte = {80, 0, "
			  "0, 0}, "
			  "phase = PHASE_CONNECTING, seen = true, name = \"abc\", delta = -3}");
}

TEST_F(bpf_object_load, variables_are_set_before_and_read_after) {
	bpf_object object = bpf_object::open_file(FILE_CONNS_OBJECT);
	EXPECT_EQ(object.global("target_port"), 80);
	EXPECT_EQ(object.global("expected").text(), "{op = 4, port = 1}");
	EXPECT_EQ(object.global("offset"), -5);
	object.global("target_port").set(u16{8080});
	object.global("calls").set(41);
	object.load();
	on.sk.skc_num = 1;
	on.fire(object.prog());
	EXPECT_EQ(object.global("calls"), 42);
	EXPECT_EQ(object.global("target_port"), 8080);
	EXPECT_EQ(object.map("conns")[1]["peer"]["port"], 8080);
	object.global("calls").set(7u);
	on.fire(object.prog());
	EXPECT_EQ(object.global("calls"), 8) << "written by both sides";
}

TEST_F(bpf_object_load, static_variables_have_their_own_places) {
	bpf_object object = bpf_object::open_file(FILE_CONNS_OBJECT);
	EXPECT_EQ(object.global("hidden"), 42);
	EXPECT_EQ(object.global("hidden_too"), 43);
	object.global("hidden_too").set(100);
	object.load();
	on.fire(object.prog());
	EXPECT_EQ(object.map("conns")[on.sk.skc_num]["word"], 42 + 100 - 5);
}

TEST_F(bpf_object_load, programs_and_values_outlive_the_object) {
	bpf_prog_ptr prog;
	std::optional<typed_value> calls;
	std::optional<map_view> conns;
	{
		bpf_object object = bpf_object::load_file(FILE_CONNS_OBJECT);
		prog = object.prog();
		calls = object.global("calls");
		conns = object.map("conns");
	}
	on.sk.skc_num = 5;
	on.fire(prog);
	EXPECT_EQ(*calls, 1);
	EXPECT_EQ(calls->type_name(), "__u64");
	EXPECT_TRUE(conns->contains(5));
}

TEST_F(bpf_object_load, two_loads_of_a_file_share_nothing) {
	bpf_object first = bpf_object::load_file(FILE_CONNS_OBJECT);
	bpf_object second = bpf_object::load_file(FILE_CONNS_OBJECT);
	on.fire(first.prog());
	EXPECT_EQ(first.global("calls"), 1);
	EXPECT_EQ(second.global("calls"), 0);
	EXPECT_EQ(second.map("conns").size(), 0u);
}

TEST_F(bpf_object_load, other_types_and_what_is_missing_are_left_out_with_a_notice) {
	bpf_object object = bpf_object::load_file(FILE_MIXED_OBJECT);
	EXPECT_EQ(object.prog_names(), (std::vector<std::string>{"by_tail_call", "entry"}));
	const std::string here_alone = " is loaded: libbpf from 1.0 on knows 'sockops' alone and refuses the "
								   "object (EINVAL); older ones and "
								   "other loaders take it";
	const std::vector<std::string> expected{
		"by_tail_call in section 'sock_ops/by_tail_call'" + here_alone,
		"entry in section 'sockops/entry'" + here_alone,
		"optional in section '?sockops' is optional (its section begins with '?'): left out, as a loader "
		"does "
		"that is not told otherwise",
		"drop in section 'xdp' is of type XDP, no sock_ops program: left out; a loader would load it too",
		"map 'devices' is of type DEVMAP (14), which this library has not: left out; a loader would make it",
		"map 'a_name_longer_than_a_kernel_keeps' is pinned by its name: objects that are opened with the "
		"same "
		"object_options::pins share it; this one was opened without, and has a map of its own"};
	EXPECT_EQ(texts_of(object.notices()), expected);
}

TEST_F(bpf_object_load, a_prog_array_begins_with_the_programs_of_the_file) {
	bpf_object object = bpf_object::load_file(FILE_MIXED_OBJECT);
	on.fire(object.prog("entry"));
	const map_view total = object.map("a_name_longer_than_a_kernel_keeps");
	EXPECT_EQ(total[0], 1 + 10 + BPF_SOCK_OPS_TCP_CONNECT_CB) << "the tail call went where the file says";
	EXPECT_EQ(total.map().attr.map_name, "a_name_longer_than_a_kernel_keeps");
	EXPECT_EQ(object.map("perf").map().attr.max_entries, num_possible_cpus);
}

TEST_F(bpf_object_load, maps_of_old_declarations_are_made) {
	bpf_object object = bpf_object::load_file(FILE_LEGACY_OBJECT);
	const bpf_map_attr& first = object.map("first").map().attr;
	EXPECT_EQ(first.map_type, BPF_MAP_TYPE_HASH);
	EXPECT_EQ(first.key_size, 4u);
	EXPECT_EQ(first.value_size, 8u);
	EXPECT_EQ(first.max_entries, 3u);
	EXPECT_EQ(first.map_flags, BPF_F_NO_PREALLOC);
	on.fire(object.prog());
	EXPECT_EQ(object.map("first")[7].as<u64>(), 70u) << "without types: a number of 8 bytes";
	EXPECT_EQ(object.map("second")[1].text(), "{first = 0, second = 3}") << "BPF_ANNOTATE_KV_PAIR";
}

TEST_F(bpf_object_load, values_of_sockets_and_locks_have_their_places) {
	bpf_object object = bpf_object::load_file(FILE_STORAGE_OBJECT);
	EXPECT_EQ(object.map("locked").map().attr.spin_lock_off, 4);
	EXPECT_FALSE(object.map("per_socket").of_socket(on.sk));
	on.fire(object.prog());
	on.fire(object.prog());
	EXPECT_EQ(object.map("per_socket").of_socket(on.sk)->as<u64>(), 2u);
	EXPECT_EQ(object.map("locked")[0]["calls"], 2);
	EXPECT_EQ(object.map("locked")[0]["last_op"], BPF_SOCK_OPS_TCP_CONNECT_CB);
}

TEST_F(bpf_object_load, linked_files_call_each_other) {
	bpf_object object = bpf_object::open_linked({FILE_PART_ONE_OBJECT, FILE_PART_TWO_OBJECT});
	EXPECT_EQ(object.name(), "file_part_one.bpf.o + file_part_two.bpf.o");
	object.load();
	EXPECT_EQ(object.prog_names(), (std::vector<std::string>{"part_one", "part_two"}));
	on.fire(object.prog("part_one"));
	EXPECT_EQ(object.global("shared_total"), 100 + 2 * BPF_SOCK_OPS_TCP_CONNECT_CB);
	on.fire(object.prog("part_two"));
	EXPECT_EQ(object.global("shared_total"), 100 + BPF_SOCK_OPS_TCP_CONNECT_CB);
}

TEST_F(bpf_object_load, linked_files_may_have_old_declarations) {
	bpf_object object = bpf_object::open_linked({FILE_LEGACY_OBJECT});
	object.load();
	on.fire(object.prog());
	EXPECT_EQ(object.map("first")[7].as<u64>(), 70u);
}

} // namespace
