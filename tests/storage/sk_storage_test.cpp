// SPDX-License-Identifier: MIT
// sk_storage: what the two helpers answer, who gets a copy, what is charged, and who outlives whom.

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "../no_memory.hpp"
#include "../traps/support.hpp"

namespace {

using namespace trap_test;

struct seen {
	u32 calls, port;
};
constexpr u32 seen_charge = sk_storage_elem_charge + sizeof(seen);
constexpr auto create = sk_storage_create::yes;

bpf_map_attr storage_of(u32 value_size, u32 flags = BPF_F_NO_PREALLOC) {
	return {.map_type = BPF_MAP_TYPE_SK_STORAGE, .key_size = 4, .value_size = value_size, .map_flags = flags};
}
bpf_map_ptr make_map(u32 value_size) {
	bpf_map_ptr map;
	EXPECT_EQ(bpf_map_create(storage_of(value_size), map), 0);
	return map;
}

struct storage : ::testing::Test {
	one_socket on;
	tcp_sock& tp = on.sk;
	u32 charged() const { return on.sk.sk_omem_alloc; }
};
using sk_storage_map = storage;
using sk_storage_get = storage;
using sk_storage_delete = storage;
using sk_storage_charge_of = storage;
using sk_storage_life = storage;
using sk_storage_children = storage;

TEST(sk_storage_map_create, attributes_are_checked_as_the_kernel_does) {
	const auto error_of = [](const bpf_map_attr& attr) {
		bpf_map_ptr map;
		const int error = bpf_map_create(attr, map);
		EXPECT_EQ(error == 0, static_cast<bool>(map));
		return error;
	};
	EXPECT_EQ(error_of(storage_of(1)), 0);
	EXPECT_EQ(error_of(storage_of(1, BPF_F_NO_PREALLOC | BPF_F_CLONE)), 0);
	EXPECT_EQ(error_of(storage_of(1, 0)), -EINVAL);
	EXPECT_EQ(error_of(storage_of(1, BPF_F_CLONE)), -EINVAL);
	EXPECT_EQ(error_of(storage_of(1, BPF_F_NO_PREALLOC | 2)), -EINVAL);
	bpf_map_attr attr = storage_of(1);
	attr.max_entries = 1;
	EXPECT_EQ(error_of(attr), -EINVAL);
	attr = storage_of(1);
	attr.key_size = 8;
	EXPECT_EQ(error_of(attr), -EINVAL);
	EXPECT_EQ(error_of(storage_of(0)), -EINVAL);
	EXPECT_EQ(error_of(storage_of(sk_storage_max_value_size)), 0);
	EXPECT_EQ(error_of(storage_of(sk_storage_max_value_size + 1)), -E2BIG);
	fail_allocations_after(0);
	EXPECT_EQ(error_of(storage_of(1)), -ENOMEM);
	const sk_storage<seen> without;
	fail_allocations_after(-1);
	EXPECT_FALSE(without.valid());
	one_socket on;
	EXPECT_EQ(without.get(&on.sk, create), nullptr);
	EXPECT_EQ(without.erase(&on.sk), -ENOENT);
	EXPECT_EQ(without.count(), 0u);
}

TEST_F(sk_storage_get, finds_creates_zeroed_and_keeps) {
	const sk_storage<seen> conns;
	EXPECT_EQ(conns.get(&tp), nullptr);
	seen* const first = conns.get(&tp, create);
	ASSERT_NE(first, nullptr);
	EXPECT_EQ(first->calls, 0u);
	EXPECT_EQ(first->port, 0u);
	first->calls = 7;
	EXPECT_EQ(conns.get(&tp), first);
	EXPECT_EQ(conns.get(&tp, create), first);
	EXPECT_EQ(conns.get(&tp, seen{1, 2}), first) << "a value to begin with is for a new one";
	EXPECT_EQ(first->calls, 7u);
	EXPECT_EQ(conns.count(), 1u);
}
TEST_F(sk_storage_get, begins_with_a_copy_of_the_value_given) {
	const sk_storage<seen> conns;
	const seen* const made = conns.get(&tp, seen{3, 80});
	ASSERT_NE(made, nullptr);
	EXPECT_EQ(made->calls, 3u);
	EXPECT_EQ(made->port, 80u);
}
TEST_F(sk_storage_get, keeps_maps_and_sockets_apart) {
	scoped_tcp_sock other(on.in, *on.root);
	const sk_storage<seen> a, b;
	a.get(&tp, create)->calls = 1;
	b.get(&tp, create)->calls = 2;
	a.get(&other, create)->calls = 3;
	EXPECT_EQ(a.get(&tp)->calls, 1u);
	EXPECT_EQ(b.get(&tp)->calls, 2u);
	EXPECT_EQ(b.get(&other), nullptr);
	EXPECT_EQ(a.count(), 2u);
	EXPECT_EQ(b.count(), 1u);
}
TEST_F(sk_storage_get, null_requests_time_wait_and_unknown_flags_are_null) {
	const auto map = make_map(8);
	request_sock req;
	inet_reqsk_init(req, &tp, on.in);
	inet_timewait_sock tw;
	tw.skc_net = &on.in;
	EXPECT_EQ(bpf_sk_storage_get(*map.get(), nullptr, nullptr, BPF_SK_STORAGE_GET_F_CREATE), nullptr);
	EXPECT_EQ(bpf_sk_storage_get(*map.get(), &req, nullptr, BPF_SK_STORAGE_GET_F_CREATE), nullptr);
	EXPECT_EQ(bpf_sk_storage_get(*map.get(), &tw, nullptr, BPF_SK_STORAGE_GET_F_CREATE), nullptr);
	EXPECT_NE(bpf_sk_storage_get(*map.get(), &tp, nullptr, BPF_SK_STORAGE_GET_F_CREATE), nullptr);
	for (const u64 flags : {u64{2}, u64{3}, u64{1} << 32})
		EXPECT_EQ(bpf_sk_storage_get(*map.get(), &tp, nullptr, flags), nullptr) << flags;
}
TEST_F(sk_storage_get, nothing_is_made_for_a_socket_that_is_not_alive) {
	const sk_storage<seen> conns;
	tcp_sock never;
	EXPECT_EQ(conns.get(&never, create), nullptr);
	sk_free(tp);
	EXPECT_EQ(conns.get(&tp, create), nullptr);
	EXPECT_EQ(conns.count(), 0u);
}
TEST_F(sk_storage_get, without_memory_nothing_is_made_or_charged) {
	const sk_storage<seen> conns;
	fail_allocations_after(0);
	seen* const none = conns.get(&tp, create);
	fail_allocations_after(-1);
	EXPECT_EQ(none, nullptr);
	EXPECT_EQ(charged(), 0u);
	EXPECT_EQ(conns.count(), 0u);
}
TEST_F(sk_storage_get, works_in_a_program_on_the_context_socket_and_not_on_a_request) {
	const sk_storage<seen> conns;
	const auto prog = make_bpf_prog("keeps", [conns](bpf_sock_ops& skops) {
		if (seen* const mine = conns.get(skops.sk, create))
			skops.reply = ++mine->calls;
		return 1;
	});
	attach(*on.root, prog);
	EXPECT_EQ(on.call(BPF_SOCK_OPS_TIMEOUT_INIT), 1);
	EXPECT_EQ(on.call(BPF_SOCK_OPS_RWND_INIT), 2);
	request_sock req;
	inet_reqsk_init(req, &tp, on.in);
	EXPECT_EQ(tcp_call_bpf(&req, BPF_SOCK_OPS_RWND_INIT, 0, nullptr), 0);
	EXPECT_EQ(conns.get(&tp)->calls, 2u);
	detach(*on.root, prog);
}

TEST_F(sk_storage_delete, answers_0_then_enoent_and_einval_where_there_is_no_socket) {
	const sk_storage<seen> conns;
	request_sock req;
	inet_reqsk_init(req, &tp, on.in);
	EXPECT_EQ(conns.erase(nullptr), -EINVAL);
	EXPECT_EQ(conns.erase(&req), -EINVAL);
	EXPECT_EQ(conns.erase(&tp), -ENOENT);
	ASSERT_NE(conns.get(&tp, create), nullptr);
	EXPECT_EQ(conns.erase(&tp), 0);
	EXPECT_EQ(conns.get(&tp), nullptr);
	EXPECT_EQ(conns.erase(&tp), -ENOENT);
	EXPECT_EQ(charged(), 0u);
	sk_free(tp);
	EXPECT_EQ(conns.erase(&tp), -ENOENT);
}
TEST_F(sk_storage_delete, takes_its_own_value_wherever_it_hangs) {
	const sk_storage<seen> a, b, c;
	for (const auto* map : {&a, &b, &c})
		for (const auto* each : {&a, &b, &c}) {
			ASSERT_NE(each->get(&tp, create), nullptr);
			if (each != &c)
				continue;
			EXPECT_EQ(map->erase(&tp), 0);
			for (const auto* other : {&a, &b, &c})
				EXPECT_EQ(other->get(&tp) == nullptr, other == map);
		}
}
TEST_F(sk_storage_delete, a_value_in_use_by_the_section_outlives_it) {
	const sk_storage<seen> conns;
	rcu_read_guard reading;
	seen* const held = conns.get(&tp, seen{5, 6});
	EXPECT_EQ(conns.erase(&tp), 0);
	EXPECT_EQ(held->calls, 5u); // freed memory, to AddressSanitizer, if the grace period were skipped
}

TEST_F(sk_storage_map, an_update_replaces_by_the_rules_of_its_flag) {
	const auto map = make_map(8);
	const u64 one = 1, two = 2;
	EXPECT_EQ(bpf_sk_storage_update(*map.get(), tp, &one, 3), -EINVAL);
	EXPECT_EQ(bpf_sk_storage_update(*map.get(), tp, &one, BPF_EXIST), -ENOENT);
	EXPECT_EQ(bpf_sk_storage_update(*map.get(), tp, &one, BPF_NOEXIST), 0);
	EXPECT_EQ(bpf_sk_storage_update(*map.get(), tp, &two, BPF_NOEXIST), -EEXIST);
	EXPECT_EQ(*static_cast<u64*>(bpf_sk_storage_get(*map.get(), &tp, nullptr, 0)), 1u);
	EXPECT_EQ(bpf_sk_storage_update(*map.get(), tp, &two, BPF_EXIST), 0);
	EXPECT_EQ(*static_cast<u64*>(bpf_sk_storage_get(*map.get(), &tp, nullptr, 0)), 2u);
	EXPECT_EQ(bpf_sk_storage_update(*map.get(), tp, &one, BPF_ANY), 0);
	EXPECT_EQ(bpf_sk_storage_count(*map.get()), 1u);
	EXPECT_EQ(charged(), sk_storage_charge + sk_storage_elem_charge + 8);
	const auto other = make_map(8);
	EXPECT_EQ(bpf_sk_storage_update(*other.get(), tp, &one, BPF_EXIST), -ENOENT);
	EXPECT_EQ(charged(), sk_storage_charge + sk_storage_elem_charge + 8);
}
TEST_F(sk_storage_map, an_update_of_a_freed_socket_is_told_in_words) {
	const auto map = make_map(8);
	const u64 one = 1;
	sk_free(tp);
	recorded_reports reports;
	EXPECT_EQ(bpf_sk_storage_update(*map.get(), tp, &one, BPF_ANY), -ENOENT);
	expect_report(reports, "bpf_sk_storage_update", {"has been freed", "-ENOENT"});
}

TEST_F(sk_storage_map, one_of_another_type_has_no_values_and_is_told_in_words) {
	bpf_map_ptr array;
	ASSERT_EQ(bpf_map_create({BPF_MAP_TYPE_ARRAY, 4, 8, 1}, array), 0);
	const sk_storage<seen> conns;
	conns.get(&tp, create);
	EXPECT_EQ(bpf_sk_storage_get(*array.get(), &tp, nullptr, 0), nullptr);
	EXPECT_EQ(bpf_sk_storage_delete(*array.get(), &tp), -ENOENT);
	EXPECT_EQ(bpf_sk_storage_count(*array.get()), 0u);
	recorded_reports reports;
	EXPECT_EQ(bpf_sk_storage_get(*array.get(), &tp, nullptr, BPF_SK_STORAGE_GET_F_CREATE), nullptr);
	expect_report(reports, "bpf_sk_storage_get", {"the map is of type ARRAY", "make it an SK_STORAGE"});
	EXPECT_EQ(charged(), sk_storage_charge + seen_charge);
}

TEST_F(sk_storage_charge_of, the_sum_stays_strictly_below_the_limit) {
	const sk_storage<seen> a, b;
	on.in.core.sysctl_optmem_max = sk_storage_charge + seen_charge;
	EXPECT_EQ(a.get(&tp, create), nullptr) << "equal is too much";
	EXPECT_EQ(charged(), 0u);
	++on.in.core.sysctl_optmem_max;
	EXPECT_NE(a.get(&tp, create), nullptr);
	EXPECT_EQ(charged(), sk_storage_charge + seen_charge);
	on.in.core.sysctl_optmem_max += seen_charge - 1;
	EXPECT_EQ(b.get(&tp, create), nullptr);
	++on.in.core.sysctl_optmem_max;
	EXPECT_NE(b.get(&tp, create), nullptr);
	EXPECT_EQ(charged(), sk_storage_charge + 2 * seen_charge);
	EXPECT_EQ(a.erase(&tp), 0);
	EXPECT_EQ(b.erase(&tp), 0);
	EXPECT_EQ(charged(), 0u);
}

TEST_F(sk_storage_children, get_a_copy_only_from_maps_made_to_be_cloned) {
	const sk_storage<seen> cloned(sk_storage_clone::yes), own;
	cloned.get(&tp, seen{1, 80});
	own.get(&tp, seen{2, 81});
	request_sock req;
	inet_reqsk_init(req, &tp, on.in);
	scoped_tcp_sock child(tp, req);
	ASSERT_EQ(child.error, 0);
	ASSERT_NE(cloned.get(&child), nullptr);
	EXPECT_NE(cloned.get(&child), cloned.get(&tp));
	EXPECT_EQ(cloned.get(&child)->port, 80u);
	EXPECT_EQ(own.get(&child), nullptr);
	EXPECT_EQ(child.sk_omem_alloc, sk_storage_charge + seen_charge);
	cloned.get(&child)->port = 8080;
	EXPECT_EQ(cloned.get(&tp)->port, 80u);
	EXPECT_EQ(cloned.count(), 2u);
}
TEST_F(sk_storage_children, without_memory_for_the_copies_there_is_no_child) {
	const sk_storage<seen> a(sk_storage_clone::yes), b(sk_storage_clone::yes);
	a.get(&tp, seen{1, 80});
	b.get(&tp, seen{1, 80});
	for (const int after : {0, 1}) {
		request_sock req;
		inet_reqsk_init(req, &tp, on.in);
		tcp_sock child;
		fail_allocations_after(after);
		const int error = inet_csk_clone(child, tp, req);
		fail_allocations_after(-1);
		EXPECT_EQ(error, -ENOMEM);
		EXPECT_EQ(sock_cgroup_ptr(&child), nullptr);
		EXPECT_EQ(child.sk_omem_alloc, 0u);
		EXPECT_EQ(a.count() + b.count(), 2u);
	}
}

TEST_F(sk_storage_life, values_go_with_the_socket) {
	const sk_storage<seen> conns;
	{
		scoped_tcp_sock other(on.in, *on.root);
		conns.get(&other, create);
		conns.get(&tp, create);
		EXPECT_EQ(conns.count(), 2u);
	}
	EXPECT_EQ(conns.count(), 1u);
	sk_free(tp);
	EXPECT_EQ(conns.count(), 0u);
	EXPECT_EQ(charged(), 0u);
}
TEST_F(sk_storage_life, values_go_with_the_map_and_its_last_copy) {
	const sk_storage<seen> stays;
	std::optional<sk_storage<seen>> goes(std::in_place), copy(*goes);
	stays.get(&tp, seen{1, 1});
	goes->get(&tp, create);
	goes.reset();
	EXPECT_NE(copy->get(&tp), nullptr);
	EXPECT_EQ(charged(), sk_storage_charge + 2 * seen_charge);
	copy.reset();
	EXPECT_EQ(charged(), sk_storage_charge + seen_charge);
	EXPECT_EQ(stays.get(&tp)->port, 1u);
	sk_free(tp);
}
TEST_F(sk_storage_life, the_map_goes_with_the_last_program_that_holds_it) {
	auto map = std::make_unique<sk_storage<seen>>();
	auto prog = make_bpf_prog(
		"holds", [held = *map](bpf_sock_ops& skops) { return held.get(skops.sk, create) != nullptr; });
	map.reset();
	attach(*on.root, prog);
	EXPECT_EQ(on.call(BPF_SOCK_OPS_TCP_LISTEN_CB), 0);
	EXPECT_NE(charged(), 0u);
	detach(*on.root, prog);
	prog = {};
	rcu_barrier();
	EXPECT_EQ(charged(), 0u);
}
TEST_F(sk_storage_life, a_copied_socket_owns_nothing) {
	const sk_storage<seen> conns;
	conns.get(&tp, create);
	{
		tcp_sock copy = tp;
		EXPECT_EQ(conns.get(&copy), nullptr);
		EXPECT_EQ(copy.sk_omem_alloc, 0u);
		copy = tp;
		EXPECT_EQ(conns.get(&copy), nullptr);
		const tcp_sock moved = std::move(copy);
	}
	EXPECT_NE(conns.get(&tp), nullptr);
	EXPECT_EQ(conns.count(), 1u);
}
TEST_F(sk_storage_life, a_socket_destroyed_without_sk_free_leaves_no_value_behind) {
	const sk_storage<seen> conns;
	{
		tcp_sock forgotten;
		ASSERT_EQ(tcp_init_sock(forgotten, on.in, *on.root), 0);
		conns.get(&forgotten, create);
		sk_free(forgotten); // the cgroup's reference
		ASSERT_EQ(tcp_init_sock(forgotten, on.in, *on.root), 0);
		conns.get(&forgotten, create);
		cgroup_put(*forgotten.sk_cgrp_data);
	}
	EXPECT_EQ(conns.count(), 0u);
}

} // namespace
