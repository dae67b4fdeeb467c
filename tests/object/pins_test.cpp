// SPDX-License-Identifier: MIT
// Maps that are pinned by name are shared by the objects that have the same bpf_pins.
#include <algorithm>
#include <thread>

#include <sockops/map/prog_array.hpp>
#include <sockops/object/bpf_pins.hpp>

#include "support.hpp"

namespace {

using namespace sockops;

constexpr u32 op = BPF_SOCK_OPS_TCP_CONNECT_CB;

struct pinned_maps : testing::Test {
	object_world on;
	bpf_pins pins;

	bpf_object load(const char* path = FILE_PINNED_OBJECT) {
		return bpf_object::load_file(path, {.pins = &pins});
	}
};

TEST_F(pinned_maps, are_shared_by_two_objects) {
	bpf_object first = load(), second = load();
	EXPECT_EQ(pins.names(), (std::vector<std::string>{"calls_of_all_objects", "steps"}));
	EXPECT_EQ(first.notices(), std::vector<object_notice>{});
	on.fire(first.prog("first"));
	on.fire(second.prog("first"));
	for (const bpf_object* const each : {&first, &second}) {
		EXPECT_EQ(each->map("calls_of_all_objects")[op], 2);
		EXPECT_EQ(each->map("calls_of_all_objects")[1000 + op], 2) << "by the PROG_ARRAY of both";
		EXPECT_EQ(each->map("calls_of_this")[0], 1);
	}
	EXPECT_EQ(&first.map("steps").map(), &second.map("steps").map());
}

TEST_F(pinned_maps, are_not_shared_without_or_with_another) {
	bpf_pins other;
	bpf_object first = load();
	bpf_object second = bpf_object::load_file(FILE_PINNED_OBJECT, {.pins = &other});
	bpf_object third = bpf_object::load_file(FILE_PINNED_OBJECT);
	on.fire(first.prog("first"));
	EXPECT_EQ(second.map("calls_of_all_objects").size(), 0u);
	EXPECT_EQ(third.map("calls_of_all_objects").size(), 0u);
	ASSERT_EQ(third.notices().size(), 2u);
	EXPECT_EQ(third.notices()[1],
			  "map 'calls_of_all_objects' is pinned by its name: objects that are opened with the same "
			  "object_options::pins share it; this one was opened without, and has a map of its own");
}

TEST_F(pinned_maps, stay_when_their_object_is_gone) {
	{
		bpf_object first = load();
		on.fire(first.prog("first"));
	}
	bpf_object second = load();
	EXPECT_EQ(second.map("calls_of_all_objects")[op], 1);
	EXPECT_EQ(second.map("steps").map().attr.map_name, "steps");
	on.fire(second.prog("first"));
	EXPECT_EQ(second.map("calls_of_all_objects")[1000 + op], 2);
}

TEST_F(pinned_maps, declared_otherwise_are_refused_as_by_libbpf) {
	bpf_object first = load();
	std::string said;
	try {
		(void)load(FILE_PINNED_LARGER_OBJECT);
	} catch (const object_error& failure) {
		said = failure.what();
		EXPECT_EQ(failure.error, EINVAL);
	}
	EXPECT_EQ(said,
			  "file_pinned_larger.bpf.o: map 'calls_of_all_objects' is pinned already, and declared here "
			  "with max_entries 16 (pinned: 8): declare it alike, or unpin() it first");
	EXPECT_EQ(pins.unpin("calls_of_all_objects"), 0);
	EXPECT_EQ(pins.unpin("calls_of_all_objects"), -ENOENT);
	bpf_object larger = load(FILE_PINNED_LARGER_OBJECT);
	EXPECT_EQ(larger.map("calls_of_all_objects").map().attr.max_entries, 16u);
}

TEST_F(pinned_maps, a_prog_array_is_emptied_when_neither_pin_nor_object_has_it) {
	std::optional<bpf_object> first = load();
	bpf_map_ptr steps = pins.find("steps").map;
	auto& array = static_cast<prog_array_map&>(*steps.get());
	const auto has_program = [&] {
		const migrate_section section;
		return array.prog_at(0) != nullptr;
	};
	first.reset();
	EXPECT_TRUE(has_program());
	std::optional<bpf_object> second = load();
	EXPECT_EQ(pins.unpin("steps"), 0);
	EXPECT_TRUE(has_program());
	second.reset();
	EXPECT_FALSE(has_program());
}

TEST_F(pinned_maps, an_object_that_is_refused_pins_nothing) {
	EXPECT_NE(error_of([&] { (void)load(FILE_REFUSED_OBJECT); }), "");
	EXPECT_EQ(pins.names(), std::vector<std::string>{});
	bpf_object never_loaded = bpf_object::open_file(FILE_PINNED_OBJECT, {.pins = &pins});
	EXPECT_EQ(pins.names(), std::vector<std::string>{});
}

TEST_F(pinned_maps, threads_that_load_get_the_same) {
	std::vector<bpf_map*> seen(8);
	std::vector<std::thread> threads;
	for (bpf_map*& each : seen)
		threads.emplace_back([&] { each = &load().map("calls_of_all_objects").map(); });
	for (std::thread& each : threads)
		each.join();
	EXPECT_EQ(std::ranges::count(seen, pins.find("calls_of_all_objects").map.get()), 8);
}

} // namespace
