// SPDX-License-Identifier: MIT
// The table of helpers against what the helpers answer in each op, and the rules of access against
// all places of the context. tests/kernel holds both against the machine's kernel.

#include <algorithm>
#include <functional>
#include <set>

#include "support.hpp"

namespace {

using namespace trap_test;

TEST(helper_table, is_in_the_order_of_numbers_with_each_name_once) {
	std::set<std::string_view> names;
	u32 last = 0;
	for (const bpf_helper& each : bpf_helpers) {
		EXPECT_TRUE(each.id > last || each.id == 0) << each.name;
		EXPECT_LE(each.id, max_bpf_helper_id);
		last = each.id ? each.id : last;
		EXPECT_TRUE(names.insert(each.name).second) << each.name;
		EXPECT_EQ(each.name.substr(0, 4), "bpf_");
		EXPECT_EQ(find_helper(each.name), &each);
		if (each.id != 0) {
			EXPECT_EQ(find_helper(each.id), &each);
		}
		EXPECT_EQ(each.ops == helper_ops::all_ops, each.elsewhere == 0) << each.name;
	}
	EXPECT_EQ(find_helper(0), nullptr);
	EXPECT_EQ(find_helper(64), nullptr) << "bpf_bind is for other programs";
	EXPECT_EQ(find_helper(max_bpf_helper_id + 1), nullptr);
	EXPECT_EQ(find_helper("bpf_sk_release"), nullptr);
}

TEST(helper_table, says_in_which_ops_each_helper_answers_with_its_refusal) {
	one_socket on;
	sk_buff skb;
	int four = 0;
	const sockmap array(1);
	const sockhash<u32> hash(1);
	/// A call, and what it answers where it does its work: with bad arguments, which come after the op.
	struct tried {
		std::string_view name;
		std::function<int(bpf_sock_ops&)> call;
		int otherwise;
	};
	const tried calls[] = {
		{"bpf_setsockopt",
		 [&](bpf_sock_ops& s) { return bpf_setsockopt(s, sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, &four, 4); },
		 0},
		{"bpf_getsockopt",
		 [&](bpf_sock_ops& s) { return bpf_getsockopt(s, sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, &four, 4); },
		 0},
		{"bpf_sock_ops_cb_flags_set", [](bpf_sock_ops& s) { return bpf_sock_ops_cb_flags_set(s, 0); }, 0},
		{"bpf_load_hdr_opt", [&](bpf_sock_ops& s) { return bpf_load_hdr_opt(s, &four, 1, 0); }, -EINVAL},
		{"bpf_store_hdr_opt", [&](bpf_sock_ops& s) { return bpf_store_hdr_opt(s, &four, 1, 0); }, -EINVAL},
		{"bpf_reserve_hdr_opt", [](bpf_sock_ops& s) { return bpf_reserve_hdr_opt(s, 1, 0); }, -EINVAL},
		{"bpf_sock_map_update", [&](bpf_sock_ops& s) { return array.update(s, 0, 3); }, -EINVAL},
		{"bpf_sock_hash_update", [&](bpf_sock_ops& s) { return hash.update(s, 0, 3); }, -EINVAL},
		{"bpf_sock_ops_enable_tx_tstamp", [](bpf_sock_ops& s) { return bpf_sock_ops_enable_tx_tstamp(s, 0); },
		 0},
	};
	for (const bpf_helper& each : bpf_helpers)
		EXPECT_EQ(each.elsewhere != 0, std::any_of(std::begin(calls), std::end(calls),
												   [&](const tried& one) { return one.name == each.name; }))
			<< each.name;
	for (const auto& [name, call, otherwise] : calls) {
		const bpf_helper* const row = find_helper(name);
		ASSERT_NE(row, nullptr) << name;
		ASSERT_NE(row->elsewhere, 0) << name;
		for (u32 op = 0; op != std::size(op_table); ++op) {
			bpf_sock_ops_kern ctx{};
			ctx.sk = &on.sk;
			ctx.op = static_cast<u8>(op);
			ctx.is_fullsock = 1;
			ctx.is_locked_tcp_sock = op <= BPF_SOCK_OPS_WRITE_HDR_OPT_CB;
			ctx.skb = &skb;
			bpf_sock_ops skops(ctx);
			EXPECT_EQ(call(skops), helper_works_in(*row, op) ? otherwise : -row->elsewhere)
				<< name << " in " << op_name(op);
		}
	}
}

/// Which accesses are right, said without the field table.
bool may_read(int off, u32 size) {
	const auto within = [&](int first, int end, u32 step) {
		return off >= first && off < end && size == step && off % static_cast<int>(step) == 0;
	};
	return within(0, 168, 4) || within(168, 208, 8) || within(208, 216, 4) || within(216, 224, 8) ||
		   (off == 212 && (size == 1 || size == 2));
}

TEST(trap_23, only_reply_and_sk_txhash_can_be_written_as_4_bytes) {
	for (int off = -16; off != 260; ++off)
		for (const u32 size : {0u, 1u, 2u, 3u, 4u, 8u, 16u})
			EXPECT_EQ(sock_ops_is_valid_access(off, size, true), size == 4 && (off == 4 || off == 164))
				<< off << " size " << size;
}
TEST(trap_23, a_read_has_its_fields_place_and_size) {
	for (int off = -16; off != 260; ++off)
		for (const u32 size : {0u, 1u, 2u, 3u, 4u, 8u, 16u})
			EXPECT_EQ(sock_ops_is_valid_access(off, size, false), may_read(off, size))
				<< off << " size " << size;
}
TEST(trap_24, skb_tcp_flags_is_read_in_part_only_from_its_start) {
	for (const u32 size : {1u, 2u, 4u})
		EXPECT_TRUE(sock_ops_is_valid_access(212, size, false)) << size;
	for (const int off : {213, 214, 215})
		for (const u32 size : {1u, 2u, 4u})
			EXPECT_FALSE(sock_ops_is_valid_access(off, size, false)) << off << " size " << size;
	EXPECT_FALSE(sock_ops_is_valid_access(208, 2, false)) << "skb_len only whole";
	static_assert(sock_ops_is_valid_access(212, 1, false) && !sock_ops_is_valid_access(213, 1, false));
}

} // namespace
