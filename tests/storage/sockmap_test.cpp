// SPDX-License-Identifier: MIT
// SOCKMAP and SOCKHASH: where programs may enter their socket, what each call answers, and who outlives
// whom.

#include <cerrno>
#include <memory>
#include <optional>

#include "../no_memory.hpp"
#include "../traps/support.hpp"

namespace {

using namespace trap_test;

constexpr u32 active = BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB;

/// A socket, and calls of the helpers for it as if from a program in an op.
struct sockmap_calls : ::testing::Test {
	one_socket on;

	static bpf_sock_ops_kern context(sock_common& sk, u32 op) {
		bpf_sock_ops_kern ctx{};
		ctx.sk = &sk;
		ctx.op = static_cast<u8>(op);
		return ctx;
	}
	int enter(const sockmap& map, u32 index, u64 flags, sock& sk, u32 op = active) {
		bpf_sock_ops_kern ctx = context(sk, op);
		bpf_sock_ops skops(ctx);
		return map.update(skops, index, flags);
	}
	int enter(const sockmap& map, u32 index, u64 flags = BPF_ANY) { return enter(map, index, flags, on.sk); }
	template <class Key>
	int enter(const sockhash<Key>& map, const Key& key, u64 flags, sock& sk, u32 op = active) {
		bpf_sock_ops_kern ctx = context(sk, op);
		bpf_sock_ops skops(ctx);
		return map.update(skops, key, flags);
	}
	template <class Key>
	int enter(const sockhash<Key>& map, const Key& key, u64 flags = BPF_ANY) {
		return enter(map, key, flags, on.sk);
	}
};
using trap_41 = sockmap_calls;
using sockmap_update = sockmap_calls;
using sockhash_update = sockmap_calls;
using sockmap_syscall = sockmap_calls;
using sockmap_life = sockmap_calls;

TEST_F(trap_41, a_socket_is_entered_in_ops_4_5_and_11_alone) {
	const sockmap array(4);
	const sockhash<u64> hash(4);
	for (u32 op = 0; op != 256; ++op) {
		const bool may = op == 4 || op == 5 || op == 11;
		EXPECT_EQ(enter(array, 0, BPF_ANY, on.sk, op), may ? 0 : -EOPNOTSUPP) << op;
		EXPECT_EQ(enter(hash, u64{7}, BPF_ANY, on.sk, op), may ? 0 : -EOPNOTSUPP) << op;
		EXPECT_EQ(array.erase(0), may ? 0 : -EINVAL) << op;
		EXPECT_EQ(hash.erase(7), may ? 0 : -ENOENT) << op;
	}
}
TEST_F(trap_41, the_op_comes_before_flags_and_index) {
	const sockmap array(4);
	EXPECT_EQ(enter(array, 9, 3, on.sk, BPF_SOCK_OPS_STATE_CB), -EOPNOTSUPP);
	EXPECT_EQ(enter(array, 9, 3), -EINVAL);
	EXPECT_EQ(enter(array, 9, BPF_EXIST), -E2BIG);
}
TEST_F(trap_41, requests_and_other_protocols_are_not_entered) {
	const sockmap array(4);
	request_sock req;
	inet_reqsk_init(req, &on.sk, on.in);
	bpf_sock_ops_kern ctx{};
	ctx.sk = &req;
	ctx.op = BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;
	bpf_sock_ops skops(ctx);
	EXPECT_EQ(array.update(skops, 0), -EOPNOTSUPP);
	on.sk.sk_protocol = 132; // SCTP
	EXPECT_EQ(enter(array, 0), -EOPNOTSUPP);
}
TEST_F(trap_41, a_child_is_entered_in_syn_recv_from_a_program) {
	const sockmap array(4);
	const auto prog = make_bpf_prog("enters", [array](bpf_sock_ops& skops) {
		skops.reply = static_cast<u32>(array.update(skops, 2, BPF_NOEXIST));
		return 1;
	});
	attach(*on.root, prog);
	request_sock req;
	inet_reqsk_init(req, &on.sk, on.in);
	scoped_tcp_sock child(on.sk, req);
	ASSERT_EQ(child.skc_state, TCP_SYN_RECV);
	EXPECT_EQ(tcp_call_bpf(&child, BPF_SOCK_OPS_STATE_CB, 0, nullptr), -EOPNOTSUPP);
	EXPECT_EQ(tcp_call_bpf(&child, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, 0, nullptr), 0);
	EXPECT_EQ(tcp_call_bpf(&child, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, 0, nullptr), -EEXIST);
	EXPECT_EQ(array.find(2), &child);
	detach(*on.root, prog);
}

TEST(sock_map_create, attributes_are_checked_as_the_kernel_does) {
	const auto error_of = [](const bpf_map_attr& attr) {
		bpf_map_ptr map;
		const int error = bpf_map_create(attr, map);
		EXPECT_EQ(error == 0, static_cast<bool>(map));
		return error;
	};
	constexpr bpf_map_type array = BPF_MAP_TYPE_SOCKMAP, hash = BPF_MAP_TYPE_SOCKHASH;
	for (const bpf_map_type type : {array, hash}) {
		EXPECT_EQ(error_of({type, 4, 4, 1, 0}), 0);
		EXPECT_EQ(error_of({type, 4, 8, 1, BPF_F_NUMA_NODE | BPF_F_RDONLY}), 0);
		EXPECT_EQ(error_of({type, 4, 4, 1, BPF_F_WRONLY}), 0);
		EXPECT_EQ(error_of({type, 4, 4, 0, 0}), -EINVAL);
		EXPECT_EQ(error_of({type, 0, 4, 1, 0}), -EINVAL);
		EXPECT_EQ(error_of({type, 4, 5, 1, 0}), -EINVAL);
		EXPECT_EQ(error_of({type, 4, 4, 1, BPF_F_NO_PREALLOC}), -EINVAL);
		EXPECT_EQ(error_of({type, 4, 4, 1, BPF_F_RDONLY | BPF_F_WRONLY}), -EINVAL);
	}
	EXPECT_EQ(error_of({array, 8, 4, 1, 0}), -EINVAL);
	EXPECT_EQ(error_of({hash, sock_hash_max_key_size, 4, 1, 0}), 0);
	EXPECT_EQ(error_of({hash, sock_hash_max_key_size + 1, 4, 1, 0}), -E2BIG);
	EXPECT_EQ(error_of({hash, sock_hash_max_key_size + 1, 4, 1, BPF_F_CLONE}), -EINVAL);
	EXPECT_EQ(error_of({hash, 4, 4, sock_hash_max_entries + 1, 0}), -EINVAL);
	EXPECT_EQ(error_of({BPF_MAP_TYPE_SK_STORAGE, 4, 4, 1, 0}), -EINVAL);
	for (const int after : {0, 1}) {
		fail_allocations_after(after);
		const int error = error_of({hash, 4, 4, 1, 0});
		fail_allocations_after(-1);
		EXPECT_EQ(error, -ENOMEM) << after;
	}
}

TEST_F(sockmap_update, goes_by_the_rules_of_its_flag_and_replaces) {
	const sockmap array(4);
	scoped_tcp_sock other(on.in, *on.root);
	for (const u64 flags : {u64{3}, u64{4}, u64{1} << 32})
		EXPECT_EQ(enter(array, 3, flags), -EINVAL) << flags;
	EXPECT_EQ(enter(array, 4), -E2BIG);
	EXPECT_EQ(enter(array, 3, BPF_EXIST), -ENOENT);
	EXPECT_EQ(array.find(3), nullptr);
	EXPECT_EQ(enter(array, 3, BPF_NOEXIST), 0);
	EXPECT_EQ(enter(array, 3, BPF_NOEXIST, other), -EEXIST);
	EXPECT_EQ(array.find(3), &on.sk);
	EXPECT_EQ(enter(array, 3, BPF_EXIST, other), 0);
	EXPECT_EQ(array.find(3), &other);
	EXPECT_EQ(array.count(), 1u);
	sk_free(on.sk); // which has been replaced
	EXPECT_EQ(array.find(3), &other);
}
TEST_F(sockmap_update, the_same_socket_again_is_one_entry) {
	const sockmap array(4);
	for (int i = 0; i != 3; ++i)
		EXPECT_EQ(enter(array, 1), 0);
	EXPECT_EQ(array.count(), 1u);
	EXPECT_EQ(array.erase(1), 0);
	EXPECT_TRUE(on.sk.sk_psock.empty());
}
TEST_F(sockmap_update, without_memory_nothing_changes) {
	const sockmap array(4);
	const sockhash<u32> hash(1);
	EXPECT_EQ(enter(hash, 1u), 0);
	fail_allocations_after(0);
	const int errors[] = {enter(array, 0), enter(array, 0, BPF_EXIST), enter(array, 4), enter(hash, 2u),
						  enter(hash, 1u)};
	fail_allocations_after(-1);
	EXPECT_EQ(errors[0], -ENOMEM);
	EXPECT_EQ(errors[1], -ENOMEM) << "before the entry is looked at";
	EXPECT_EQ(errors[2], -E2BIG) << "but after the index";
	EXPECT_EQ(errors[3], -ENOMEM) << "and before the hash is found to be full";
	EXPECT_EQ(errors[4], -ENOMEM);
	EXPECT_EQ(array.count(), 0u);
	EXPECT_EQ(hash.find(1), &on.sk);
}
TEST_F(sockmap_update, a_map_of_the_other_type_is_told_in_words) {
	const sockmap array(4);
	const sockhash<u32> hash(4);
	recorded_reports reports;
	bpf_sock_ops_kern ctx = context(on.sk, active);
	bpf_sock_ops skops(ctx);
	const u32 key = 0;
	EXPECT_EQ(bpf_sock_map_update(skops, *hash.map().get(), &key, BPF_ANY), -EINVAL);
	expect_report(reports, "bpf_sock_map_update", {"is a SOCKHASH", "make it a SOCKMAP"});
	EXPECT_EQ(bpf_sock_hash_update(skops, *array.map().get(), &key, BPF_ANY), -EINVAL);
	expect_report(reports, "bpf_sock_hash_update", {"is a SOCKMAP", "make it a SOCKHASH"});
	EXPECT_EQ(array.count() + hash.count(), 0u);
}
TEST_F(sockmap_update, a_map_that_could_not_be_made_holds_nothing) {
	const sockmap array(0);
	EXPECT_FALSE(array.valid());
	EXPECT_EQ(enter(array, 0), -ENOMEM);
	EXPECT_EQ(array.erase(0), -ENOENT);
	EXPECT_EQ(array.find(0), nullptr);
	EXPECT_EQ(array.cookie(0), 0u);
	EXPECT_EQ(array.count(), 0u);
}

TEST_F(sockhash_update, is_full_at_max_entries_but_for_keys_it_has) {
	const sockhash<u64> hash(3);
	for (const u64 key : {10u, 20u, 30u})
		EXPECT_EQ(enter(hash, key, BPF_NOEXIST), 0);
	EXPECT_EQ(enter(hash, u64{40}, BPF_EXIST), -ENOENT) << "before it is found to be full";
	EXPECT_EQ(enter(hash, u64{40}), -E2BIG);
	EXPECT_EQ(enter(hash, u64{20}, BPF_NOEXIST), -EEXIST);
	EXPECT_EQ(enter(hash, u64{20}), 0);
	EXPECT_EQ(hash.erase(40), -ENOENT);
	EXPECT_EQ(hash.erase(10), 0);
	EXPECT_EQ(hash.erase(10), -ENOENT);
	EXPECT_EQ(enter(hash, u64{40}), 0);
	EXPECT_EQ(hash.count(), 3u);
}
TEST_F(sockhash_update, keeps_keys_that_share_a_bucket_apart) {
	const sockhash<u32> hash(100'000), one_bucket(1);
	for (u32 key = 0; key != 100'000; ++key)
		ASSERT_EQ(enter(hash, key), 0);
	for (u32 key = 99'999; key < 100'000; key -= 2)
		ASSERT_EQ(hash.erase(key), 0);
	for (u32 key = 0; key != 100'000; ++key)
		ASSERT_EQ(hash.find(key), key % 2 ? nullptr : &on.sk);
	EXPECT_EQ(enter(one_bucket, 5u), 0);
	EXPECT_EQ(one_bucket.find(6), nullptr);
}

TEST_F(sockmap_syscall, updates_go_by_the_state_instead_of_the_op) {
	const sockmap array(1);
	const u32 index = 0;
	for (u32 state = TCP_ESTABLISHED; state != TCP_MAX_STATES; ++state) {
		on.sk.skc_state = static_cast<u8>(state);
		const bool may = state == TCP_ESTABLISHED || state == TCP_LISTEN;
		EXPECT_EQ(sock_map_update_elem_sys(*array.map().get(), &index, on.sk, BPF_ANY), may ? 0 : -EOPNOTSUPP)
			<< state;
	}
	on.sk.skc_state = TCP_ESTABLISHED;
	EXPECT_EQ(sock_map_update_elem_sys(*array.map().get(), &index, on.sk, 3), -EINVAL);
	EXPECT_EQ(sock_map_update_elem_sys(*array.map().get(), &index, on.sk, BPF_NOEXIST), -EEXIST);
	sk_free(on.sk);
	recorded_reports reports;
	EXPECT_EQ(sock_map_update_elem_sys(*array.map().get(), &index, on.sk, BPF_ANY), -EBADF);
	expect_report(reports, "sock_map_update_elem_sys", {"has been freed", "-EBADF"});
}
TEST_F(sockmap_syscall, cookies_are_looked_up_where_values_have_8_bytes) {
	bpf_map_ptr narrow;
	ASSERT_EQ(bpf_map_create({BPF_MAP_TYPE_SOCKMAP, 4, 4, 1}, narrow), 0);
	bpf_sock_ops_kern ctx = context(on.sk, active);
	bpf_sock_ops skops(ctx);
	u32 index = 0;
	u64 cookie = 77;
	EXPECT_EQ(bpf_sock_map_update(skops, *narrow.get(), &index, BPF_ANY), 0);
	EXPECT_EQ(sock_map_lookup_elem_sys(*narrow.get(), &index, cookie), -ENOSPC);
	EXPECT_EQ(on.sk.skc_cookie, 0u) << "nobody can ask for it";
	const sockmap array(1);
	EXPECT_EQ(enter(array, 0), 0);
	EXPECT_EQ(sock_map_lookup_elem_sys(*array.map().get(), &index, cookie), 0);
	EXPECT_EQ(cookie, bpf_get_socket_cookie(skops));
	EXPECT_EQ(array.cookie(0), cookie);
	for (index = 1; index < 3; ++index)
		EXPECT_EQ(sock_map_lookup_elem_sys(*array.map().get(), &index, cookie), -ENOENT);
}

TEST_F(sockmap_life, an_entry_outlives_states_and_goes_when_its_socket_is_closed) {
	const sockmap a(4), b(4);
	const sockhash<u32> c(4);
	EXPECT_EQ(enter(a, 0), 0);
	EXPECT_EQ(enter(a, 1), 0);
	EXPECT_EQ(enter(b, 0), 0);
	EXPECT_EQ(enter(c, 9u), 0);
	tcp_set_state(on.sk, TCP_ESTABLISHED);
	tcp_set_state(on.sk, TCP_CLOSE);
	EXPECT_EQ(a.count() + b.count() + c.count(), 4u);
	const u64 cookie = a.cookie(0);
	EXPECT_EQ(b.erase(0), 0);
	EXPECT_EQ(c.cookie(9), cookie);
	sock_map_close(on.sk);
	EXPECT_EQ(a.count() + b.count() + c.count(), 0u);
	EXPECT_TRUE(on.sk.sk_psock.empty());
	EXPECT_NE(sock_cgroup_ptr(&on.sk), nullptr) << "closed, not freed";
}
TEST_F(sockmap_life, entries_go_with_a_freed_or_forgotten_socket) {
	const sockmap array(4);
	scoped_tcp_sock freed(on.in, *on.root);
	EXPECT_EQ(enter(array, 0, BPF_ANY, freed), 0);
	sk_free(freed);
	EXPECT_EQ(array.find(0), nullptr);
	{
		tcp_sock forgotten;
		EXPECT_EQ(tcp_init_sock(forgotten, on.in, *on.root), 0);
		EXPECT_EQ(enter(array, 1, BPF_ANY, forgotten), 0);
		cgroup_put(*forgotten.sk_cgrp_data);
	}
	EXPECT_EQ(array.count(), 0u);
}
TEST_F(sockmap_life, entries_go_with_the_map_and_its_last_copy) {
	const sockmap stays(1);
	std::optional<sockmap> goes(std::in_place, 4), copy(*goes);
	EXPECT_EQ(enter(stays, 0), 0);
	for (u32 index = 0; index != 4; ++index)
		EXPECT_EQ(enter(*goes, index), 0);
	goes.reset();
	EXPECT_EQ(copy->count(), 4u);
	copy.reset();
	EXPECT_EQ(stays.find(0), &on.sk);
	EXPECT_FALSE(on.sk.sk_psock.empty());
	EXPECT_EQ(stays.erase(0), 0);
	EXPECT_TRUE(on.sk.sk_psock.empty());
}
TEST_F(sockmap_life, children_and_copies_of_a_socket_stand_in_no_map) {
	const sockmap array(2);
	EXPECT_EQ(enter(array, 0), 0);
	request_sock req;
	inet_reqsk_init(req, &on.sk, on.in);
	{
		scoped_tcp_sock child(on.sk, req);
		EXPECT_TRUE(child.sk_psock.empty());
		const tcp_sock copy = on.sk;
		EXPECT_TRUE(copy.sk_psock.empty());
	}
	EXPECT_EQ(array.find(0), &on.sk);
}
TEST_F(sockmap_life, an_entry_is_freed_after_the_section_that_may_read_it) {
	const sockhash<u32> hash(4);
	EXPECT_EQ(enter(hash, 1u), 0);
	rcu_barrier();
	{
		rcu_read_guard reading;
		EXPECT_EQ(hash.erase(1), 0);
		EXPECT_NE(rcu_pending(), 0u);
	}
	rcu_barrier();
	EXPECT_EQ(rcu_pending(), 0u);
}

} // namespace
