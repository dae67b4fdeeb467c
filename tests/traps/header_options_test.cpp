// SPDX-License-Identifier: MIT
// Traps of the header options: sizing, storing, loading, and who may do which when.

#include "header_options_support.hpp"

namespace {

using namespace trap_test;

using trap_11 = header_options;
TEST_F(trap_11, denied_write_phase_wipes_earlier_data) {
	int stored = 1, denied_with = 1;
	const auto stores = make_bpf_prog("stores", [&](bpf_sock_ops& skops) {
		stored = store(skops, {30, 4, 7, 7});
		return 1;
	});
	const auto denies = make_bpf_prog("denies", [&](bpf_sock_ops& skops) {
		denied_with = store(skops, {31, 4, 8, 8});
		return 0;
	});
	attach(*on.root, stores);
	attach(*on.root, denies);
	header to({8, 4, 1, 2});
	to.add_room(12);
	bpf_skops_write_hdr_opt(tp, {.skb = &to.skb}, 12);
	EXPECT_EQ(stored, 0);
	EXPECT_EQ(denied_with, 0);
	EXPECT_EQ(to.options(), (byte_list{8, 4, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
}

using trap_12 = header_options;
TEST_F(trap_12, denied_length_phase_cancels_all_reservations) {
	int reserved = 1;
	const auto reserves = make_bpf_prog("reserves", [&](bpf_sock_ops& skops) {
		reserved = bpf_reserve_hdr_opt(skops, 8, 0);
		return 1;
	});
	int runs = 0;
	const auto denies = counts(runs, 0);
	attach(*on.root, reserves);
	sk_buff payload;
	EXPECT_EQ(bpf_skops_hdr_opt_len(tp, {.skb = &payload}, 40), 8u);
	attach(*on.root, denies);
	EXPECT_EQ(bpf_skops_hdr_opt_len(tp, {.skb = &payload}, 40), 0u);
	EXPECT_EQ(reserved, 0);
	EXPECT_EQ(runs, 1);
}

using trap_27 = header_options;
TEST_F(trap_27, while_options_are_sized_no_header_can_be_read_but_the_syns) {
	header syn({2, 4, 5, 180});
	byte_list data(100, 30);
	sk_buff payload;
	payload.data = data.data();
	payload.len = 100;
	request_sock req;
	inet_reqsk_init(req, &tp, on.in);
	int runs = 0;
	const auto body = [&](bpf_sock_ops& skops) {
		++runs;
		EXPECT_EQ(+skops.skb_data, data.data());
		EXPECT_EQ(+skops.skb_data_end, data.data());
		EXPECT_EQ(load_with(skops, {2, 0, 0, 0}), (loaded{-EPERM, {2, 0, 0, 0}}));
		EXPECT_EQ(load_with(skops, {2, 0, 0, 0}, bpf_load_hdr_opt_tcp_syn), (loaded{4, {2, 4, 5, 180}}));
	};
	EXPECT_EQ(sizing(40, body, {.skb = &payload, .req = &req, .syn_skb = &syn.skb}), 0u);
	EXPECT_EQ(runs, 1);
}
TEST_F(trap_27, a_syn_that_is_answered_comes_before_the_saved_ones) {
	header answered({2, 4, 1, 1}), of_request({2, 4, 2, 2}), of_connection({2, 4, 3, 3});
	request_sock req;
	inet_reqsk_init(req, &tp, on.in);
	sk_buff payload;
	const auto finds = [&](const hdr_opt_segment& segment) {
		loaded found{};
		sizing(
			40,
			[&](bpf_sock_ops& skops) {
				found = load_with(skops, {2, 0, 0, 0}, bpf_load_hdr_opt_tcp_syn);
			},
			segment);
		return found;
	};
	const hdr_opt_segment again{.skb = &payload, .req = &req};
	EXPECT_EQ(finds(again), (loaded{-ENOENT, {2, 0, 0, 0}}));
	req.saved_syn.record(of_request.skb, false);
	EXPECT_EQ(finds(again), (loaded{4, {2, 4, 2, 2}}));
	EXPECT_EQ(finds({.skb = &payload, .req = &req, .syn_skb = &answered.skb}), (loaded{4, {2, 4, 1, 1}}));
	EXPECT_EQ(finds({.skb = &payload}), (loaded{-ENOENT, {2, 0, 0, 0}}));
	tp.saved_syn.record(of_connection.skb, false);
	EXPECT_EQ(finds({.skb = &payload}), (loaded{4, {2, 4, 3, 3}}));
	EXPECT_EQ(finds(again), (loaded{4, {2, 4, 2, 2}})); // the request's, not its listener's
}
TEST_F(trap_27, the_saved_syn_is_searched_behind_its_link_and_ip_header) {
	byte_list packet(14 + 20, 2); // full of what looks like the option
	header syn({2, 4, 5, 180});
	packet.insert(packet.end(), syn.bytes.begin(), syn.bytes.end());
	sk_buff skb;
	skb.data = packet.data() + 34;
	skb.len = 24;
	skb.network_header_len = 20;
	skb.mac_header_len = 14;
	tp.saved_syn.record(skb, true);
	int runs = 0;
	parsing({}, [&](bpf_sock_ops& skops) {
		++runs;
		EXPECT_EQ(load_with(skops, {2, 0, 0, 0}, bpf_load_hdr_opt_tcp_syn), (loaded{4, {2, 4, 5, 180}}));
		EXPECT_EQ(load_with(skops, {2, 0, 0, 0}), (loaded{-ENOMSG, {2, 0, 0, 0}}));
	});
	EXPECT_EQ(runs, 1);
}

using trap_37 = header_options;
TEST_F(trap_37, a_duplicate_is_the_kind_and_for_shared_kinds_two_bytes_of_magic) {
	const byte_list after = writing({8, 4, 1, 2}, 36, [](bpf_sock_ops& skops) {
		EXPECT_EQ(store(skops, {254, 6, 1, 2, 3, 4}), 0);
		EXPECT_EQ(store(skops, {254, 6, 1, 2, 9, 9}), -EEXIST); // only two bytes count
		EXPECT_EQ(store(skops, {254, 4, 1, 2}), -EEXIST);
		EXPECT_EQ(store(skops, {254, 4, 1, 3}), 0);
		EXPECT_EQ(store(skops, {253, 4, 1, 2}), 0); // another kind
		EXPECT_EQ(store(skops, {253, 8, 1, 2, 5, 6, 7, 8}), -EEXIST);
		EXPECT_EQ(store(skops, {30, 4, 1, 2}), 0);
		EXPECT_EQ(store(skops, {30, 4, 3, 4}), -EEXIST);
		EXPECT_EQ(store(skops, {8, 2}), -EEXIST); // TCP's own count too
	});
	EXPECT_EQ(after, (byte_list{8, 4, 1, 2, 254, 6, 1, 2, 3, 4, 254, 4, 1, 3, 253, 4, 1, 2, 30, 4,
								1, 2, 1, 1, 1,   1, 1, 1, 1, 1, 1,   1, 1, 1, 1,   1, 1, 1, 1,  1}));
}

using trap_38 = header_options;
TEST_F(trap_38, store_copies_what_the_length_byte_says) {
	const byte_list after = writing({}, 8, [](bpf_sock_ops& skops) {
		EXPECT_EQ(store(skops, {30, 4, 7, 7, 6, 6, 6, 6, 6, 6}), 0);
		EXPECT_EQ(store(skops, {31, 5, 7, 7, 7, 6}), -ENOSPC); // 4 are left
		EXPECT_EQ(store(skops, {31, 4, 8, 8, 5}), 0);
		EXPECT_EQ(store(skops, {32, 2}), -ENOSPC);
	});
	EXPECT_EQ(after, (byte_list{30, 4, 7, 7, 31, 4, 8, 8}));
}
TEST_F(trap_38, a_length_byte_of_0_stores_nothing_and_of_1_breaks_the_list) {
	const byte_list after = writing({}, 8, [](bpf_sock_ops& skops) {
		EXPECT_EQ(store(skops, {30, 0, 7}), 0);
		EXPECT_EQ(store(skops, {30, 0}), 0); // nothing was stored: no duplicate
		EXPECT_EQ(store(skops, {30, 4, 9}), -EINVAL);
		EXPECT_EQ(store(skops, {31, 1}), 0);
		EXPECT_EQ(store(skops, {32, 2}), -EFAULT); // 31 and the end
	});
	EXPECT_EQ(after, (byte_list{31, 1, 1, 1, 1, 1, 1, 1}));
}

using trap_39 = header_options;
TEST_F(trap_39, an_option_too_short_for_the_magic_ends_the_search) {
	parsing({254, 4, 1, 2, 254, 6, 1, 2, 3, 4}, [](bpf_sock_ops& skops) {
		EXPECT_EQ(load_with(skops, {254, 6, 1, 2, 3, 4}), (loaded{-ENOMSG, {254, 6, 1, 2, 3, 4}}));
		EXPECT_EQ(load_with(skops, {254, 4, 1, 2}), (loaded{4, {254, 4, 1, 2}}));
	});
	parsing({254, 6, 1, 2, 3, 5, 254, 6, 1, 2, 3, 4}, [](bpf_sock_ops& skops) { // long enough, but another
		EXPECT_EQ(load_with(skops, {254, 6, 1, 2, 3, 4}).result, 6);
	});
	parsing({254, 2, 253, 4, 9, 9}, [](bpf_sock_ops& skops) {
		EXPECT_EQ(load_with(skops, {254, 4, 9, 9}).result, -ENOMSG);
		EXPECT_EQ(load_with(skops, {253, 4, 9, 9}).result, 4); // other kinds do not end it
	});
	const byte_list after = writing({254, 2, 1, 1}, 8, [](bpf_sock_ops& skops) {
		EXPECT_EQ(store(skops, {254, 4, 9, 9}), 0); // a store searches the same way
		EXPECT_EQ(store(skops, {254, 4, 9, 9}), 0); // and so does not find the first
	});
	EXPECT_EQ(after, (byte_list{254, 2, 1, 1, 254, 4, 9, 9, 254, 4, 9, 9}));
}

using trap_40 = header_options;
TEST_F(trap_40, five_bytes_reserve_eight_and_what_is_not_written_is_nop) {
	EXPECT_EQ(sizing(40, [](bpf_sock_ops& skops) { EXPECT_EQ(bpf_reserve_hdr_opt(skops, 5, 0), 0); }), 8u);
	const byte_list after = writing({}, 8, [](bpf_sock_ops& skops) {
		EXPECT_EQ(store(skops, {30, 9, 0, 0, 0, 0, 0, 0, 0}), -ENOSPC);
		EXPECT_EQ(store(skops, {30, 5, 1, 2, 3}), 0);
		EXPECT_EQ(store(skops, {31, 4, 1, 2}), -ENOSPC);
	});
	EXPECT_EQ(after, (byte_list{30, 5, 1, 2, 3, 1, 1, 1}));
	EXPECT_EQ(writing({}, 8,
					  [](bpf_sock_ops& skops) {
						  EXPECT_EQ(store(skops, {30, 8, 1, 2, 3, 4, 5, 6}), 0);
					  }),
			  (byte_list{30, 8, 1, 2, 3, 4, 5, 6})); // the padding may be used
	EXPECT_EQ(writing({}, 8, [](bpf_sock_ops&) {}), (byte_list{1, 1, 1, 1, 1, 1, 1, 1}));
}
TEST_F(trap_40, reservations_of_calls_and_programs_add_up) {
	const auto reserves_3 = make_bpf_prog("reserves_3", [](bpf_sock_ops& skops) {
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 3, 0), 0);
		return 1;
	});
	attach(*on.root, reserves_3);
	const auto body = [](bpf_sock_ops& skops) {
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 14, 0), -ENOSPC);
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 2, 0), 0);
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 12, 0), -ENOSPC);
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 11, 0), 0);
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 2, 0), -ENOSPC);
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 0, 0), -EINVAL);
	};
	EXPECT_EQ(sizing(16, body), 16u);
}

} // namespace
