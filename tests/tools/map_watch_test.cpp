// SPDX-License-Identifier: MIT
// What sockops-run says of maps that change, without comparing all that they hold: it is what a comparison of
// all finds, and costs the same however large the maps are.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <tuple>

#include <sockops/object/bpf_object.hpp>
#include <sockops/sockops.hpp>
#include <sockops/testing/fire.hpp>
#include <tools/sockops_run/map_watch.hpp>

namespace {

using namespace sockops;
using namespace sockops::testing;
using sockops_run::map_watch;

/// By map and key: before and after, as text.
using difference = std::map<std::pair<std::string, std::string>, std::pair<std::string, std::string>>;
using contents = std::map<std::pair<std::string, std::string>, std::string>;

constexpr const char* maps[] = {"hash", "lru_hash", "array", "percpu_hash", "percpu_array", "single"};
enum what : u32 { update, remove_it, write, write_two, write_all, write_behind, read, kinds };

class changed_maps {
  public:
	explicit changed_maps(const char* file) : object(bpf_object::load_file(file)) {
		sk_.skc_state = TCP_ESTABLISHED;
	}

	void act(u32 what, u32 which, u32 key, u32 number) {
		(void)fire(BPF_SOCK_OPS_RTO_CB, sk_, {.args = {what, which, key, number}});
	}
	contents all() {
		contents found;
		for (const char* name : maps)
			for (const auto& [key, value] : object.map(name).entries())
				found[{name, key.text()}] = value.text();
		return found;
	}
	map_view map(const char* name) { return object.map(name); }

	bpf_object object;

  private:
	net in_;
	cgroup_root root_;
	scoped_tcp_sock sk_{in_, *root_};
	bpf_link link_{*root_, object.prog()};
};

difference between(const contents& before, const contents& after) {
	difference all;
	for (const auto& [where, value] : before)
		all[where].first = value;
	for (const auto& [where, value] : after)
		all[where].second = value;
	std::erase_if(all, [](const auto& each) { return each.second.first == each.second.second; });
	return all;
}

difference told(map_watch& by) {
	difference all;
	for (const sockops_run::map_change& each : by.changes(nullptr, {}))
		if (!each.key.empty()) // a variable has none
			all[{each.map, each.key}] = {each.before.value_or(""), each.after.value_or("")};
	return all;
}

struct watched {
	explicit watched(const char* file) : in(file), by(in.object, {}) {}
	changed_maps in;
	map_watch by;
};

TEST(map_watch, tells_what_a_comparison_of_all_finds) {
	watched it(CHANGES_OBJECT);
	std::mt19937 random(7);
	contents before = it.in.all();
	unsigned changes = 0;
	for (unsigned step = 0; step != 1500; ++step) {
		const u32 which = random() % std::size(maps), number = random() % 1000;
		it.in.act(random() % kinds, which, random() % 20, number);
		if (random() % 5 == 0)
			continue; // what several calls did is told together
		const contents after = it.in.all();
		const difference expected = between(before, after);
		ASSERT_EQ(told(it.by), expected) << "step " << step << ", " << maps[which];
		changes += static_cast<unsigned>(expected.size());
		before = after;
	}
	EXPECT_GT(changes, 500u);
}

TEST(map_watch, knows_that_an_interrupted_program_goes_on_with_its_addresses) {
	watched it(CHANGES_OBJECT);
	it.in.act(update, 0, 3, 1);
	(void)told(it.by);
	const rcu_read_guard running; // as inside a program's run
	const u32 key = 3;
	bpf_map& hash = it.in.map("hash").map();
	auto* const value = static_cast<u8*>(hash.lookup_elem(&key));
	hash.tell_observers_of_value(value);
	EXPECT_TRUE(told(it.by).empty()); // a call that it has caused ends
	*value = 2;
	EXPECT_EQ(told(it.by).size(), 1u);
	*value = 3;
	EXPECT_EQ(told(it.by).size(), 1u);
}

TEST(map_watch, tells_of_changes_from_outside_too) {
	watched it(CHANGES_OBJECT);
	const std::array<u64, 8> value{5};
	ASSERT_EQ(it.in.map("array").update(7u, value), 0);
	ASSERT_EQ(it.in.map("percpu_hash").update(7u, value), 0);
	EXPECT_EQ(told(it.by).size(), 2u);
	ASSERT_EQ(it.in.map("percpu_hash").erase(7u), 0);
	EXPECT_EQ(told(it.by).size(), 1u);
}

/// Bytes copied for the same calls.
u64 work(const char* object) {
	watched it(object);
	std::mt19937 random(7);
	for (unsigned step = 0; step != 200; ++step) {
		const u32 what = random() % 3; // update, delete or write one
		it.in.act(what, random() % std::size(maps), random() % 12, 1);
		(void)it.by.changes(nullptr, {});
	}
	return it.by.bytes_copied();
}

TEST(map_watch, does_the_same_work_however_large_the_maps_are) {
	const u64 small = work(CHANGES_OBJECT), large = work(MANY_CHANGES_OBJECT);
	EXPECT_EQ(small, large);
	EXPECT_LT(large, 200 * 10 * 64u); // some elements a call
}

} // namespace
