// SPDX-License-Identifier: MIT
// Declarations of maps that not every loader takes.
#include <sockops/map/perf_event_array.hpp>
#include <sockops/sync/processor_id.hpp>

#include "support.hpp"

namespace {

using namespace sockops;

struct declared_maps : testing::Test {
	object_world on;

	static void expect_kind(const bpf_object& object, const char* map, bpf_map_type type, u32 entries) {
		const bpf_map_attr& attr = object.map(map).map().attr;
		EXPECT_EQ(attr.map_type, type) << map;
		EXPECT_EQ(attr.key_size, 4u) << map;
		EXPECT_EQ(attr.value_size, 8u) << map;
		EXPECT_EQ(attr.max_entries, entries) << map;
	}
	void expect_old_maps(const bpf_object& object) {
		expect_kind(object, "of_samples", BPF_MAP_TYPE_HASH, 16);
		expect_kind(object, "of_tc", BPF_MAP_TYPE_ARRAY, 32);
		expect_kind(object, "of_rust", BPF_MAP_TYPE_HASH, 64);
		expect_kind(object, "of_old", BPF_MAP_TYPE_ARRAY, 128);
		EXPECT_EQ(object.map("of_samples").map().attr.map_flags, BPF_F_NO_PREALLOC);
		const char* const names[] = {"of_samples", "of_tc", "of_rust", "of_old"};
		for (u32 i = 0; i != std::size(names); ++i)
			EXPECT_EQ(object.map(names[i])[0].as<u64>(), i + 1) << names[i];
	}
};

TEST_F(declared_maps, those_of_old_and_of_today_stand_in_one_file) {
	bpf_object object = bpf_object::load_file(FILE_BOTH_KINDS_OF_MAPS_OBJECT);
	on.fire(object.prog("counts"));
	expect_old_maps(object);
	EXPECT_EQ(object.map("of_today")[0], BPF_SOCK_OPS_TCP_CONNECT_CB + 6) << "and by a tail call";
	EXPECT_TRUE(has_notice(object, "map 'of_samples' is declared in a section 'maps': older loaders take "
								   "that, libbpf from 1.0 on refuses the object (ENOTSUP)"));
}

TEST_F(declared_maps, linked_files_may_have_both) {
	bpf_object object = bpf_object::open_linked({FILE_BOTH_KINDS_OF_MAPS_OBJECT});
	object.load();
	on.fire(object.prog("counts"));
	expect_old_maps(object);
	EXPECT_EQ(object.map("of_today")[0], BPF_SOCK_OPS_TCP_CONNECT_CB + 6);
}

TEST_F(declared_maps, those_of_old_need_no_types) {
	bpf_object object = bpf_object::load_file(FILE_OLD_MAPS_WITHOUT_TYPES_OBJECT);
	on.fire(object.prog());
	expect_old_maps(object);
	EXPECT_EQ(object.map("of_tc")[0].text(), "02 00 00 00 00 00 00 00");
}

TEST_F(declared_maps, a_ringbuf_with_types_has_none) {
	bpf_object object = bpf_object::load_file(FILE_LENIENT_MAPS_OBJECT);
	EXPECT_TRUE(has_notice(
		object, "map 'ring' is a RINGBUF, which has no keys and values: those declared are left out, as "
				"cilium/ebpf does; with libbpf it cannot be made (EINVAL)"));
	EXPECT_EQ(object.map("ring").map().attr.value_size, 0u);
	on.fire(object.prog());
	EXPECT_EQ(object.map("ring").records("struct event")[0]["op"], BPF_SOCK_OPS_TCP_CONNECT_CB);
}

TEST_F(declared_maps, a_perf_event_array_has_descriptors_whatever_it_declares) {
	bpf_object object = bpf_object::load_file(FILE_LENIENT_MAPS_OBJECT);
	const std::string made_four = " bytes: both are made 4; with libbpf it cannot be made (EINVAL)";
	EXPECT_TRUE(
		has_notice(object, "map 'perf' is a PERF_EVENT_ARRAY with keys of 4 and values of 16" + made_four));
	EXPECT_TRUE(has_notice(object, "map 'bare_perf' is a PERF_EVENT_ARRAY with keys of 0 and values of 0" +
									   made_four));
	auto& perf = static_cast<perf_event_array_map&>(object.map("perf").map());
	EXPECT_EQ(perf.attr.max_entries, num_possible_cpus);
	ASSERT_EQ(perf.open(smp_processor_id(), 4096), 0);
	on.fire(object.prog());
	EXPECT_EQ(object.map("perf").records("struct event")[0]["op"], BPF_SOCK_OPS_TCP_CONNECT_CB);
}

TEST_F(declared_maps, pinning_of_other_loaders_and_members_that_only_they_know_are_told) {
	bpf_object object = bpf_object::load_file(FILE_LENIENT_MAPS_OBJECT);
	EXPECT_TRUE(has_notice(
		object, "map 'replaced': pinning 16 is of another loader's making (of Cilium's, 16 replaces what "
				"was pinned): each object has a map of its own; libbpf refuses the object (EINVAL)"));
	EXPECT_TRUE(has_notice(object, "map 'global': pinning 2 (PIN_GLOBAL_NS of tc) is taken for "
								   "LIBBPF_PIN_BY_NAME; libbpf refuses the object (EINVAL)"));
	EXPECT_TRUE(has_notice(object, "map 'global': its member 'of_some_loader' is not known to libbpf, which "
								   "refuses the object (ENOTSUP); it is not looked at"));
	on.fire(object.prog());
	EXPECT_EQ(object.map("replaced")[0], 9);
	EXPECT_EQ(object.map("global")[0], 9);
}

TEST_F(declared_maps, names_of_types_are_the_kernels) {
	EXPECT_STREQ(bpf_map_type_name(7), "STACK_TRACE");
	EXPECT_STREQ(bpf_map_type_name(33), "ARENA");
	EXPECT_STREQ(bpf_map_type_name(0), "UNKNOWN");
	EXPECT_STREQ(bpf_map_type_name(34), "UNKNOWN");
	EXPECT_TRUE(bpf_map_type_is_modelled(BPF_MAP_TYPE_RINGBUF));
	EXPECT_FALSE(bpf_map_type_is_modelled(7));
}

} // namespace
