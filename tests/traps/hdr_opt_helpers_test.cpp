// SPDX-License-Identifier: MIT
// The header option helpers: every error in its order, malformed headers, and each op's answers.

#include "header_options_support.hpp"

namespace {

using namespace trap_test;

TEST_F(header_options, reserve_checks_op_flags_length_room) {
	sizing(8, [](bpf_sock_ops& skops) {
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 4, 1), -EINVAL);
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 4, u64{1} << 32), -EINVAL);
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 1, 0), -EINVAL);
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 9, 1), -EINVAL); // before the room
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 9, 0), -ENOSPC);
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, ~0u, 0), -ENOSPC);
		EXPECT_EQ(bpf_reserve_hdr_opt(skops, 8, 0), 0);
	});
	parsing({}, [](bpf_sock_ops& skops) { EXPECT_EQ(bpf_reserve_hdr_opt(skops, 1, 1), -EPERM); });
}

TEST_F(header_options, store_checks_in_the_kernels_order) {
	writing({30, 4, 0, 0}, 4, [](bpf_sock_ops& skops) {
		const byte_list option{30, 4, 7, 7};
		EXPECT_EQ(bpf_store_hdr_opt(skops, option.data(), 1, 0), -EINVAL);
		EXPECT_EQ(bpf_store_hdr_opt(skops, option.data(), 4, 1), -EINVAL);
		EXPECT_EQ(bpf_store_hdr_opt(skops, option.data(), 3, 0), -EINVAL); // longer than len
		EXPECT_EQ(store(skops, {1, 2}), -EINVAL);
		EXPECT_EQ(store(skops, {0, 2}), -EINVAL);
		EXPECT_EQ(store(skops, byte_list(255, 255)), -ENOSPC);
		EXPECT_EQ(store(skops, {30, 5, 0, 0, 0}), -ENOSPC); // before the duplicate
		for (const u8 size : {0, 1, 2, 3})
			for (const u8 kind : {253, 254})
				EXPECT_EQ(store(skops, {kind, size, 0, 0}), -EINVAL) << +kind << ", " << +size;
		EXPECT_EQ(store(skops, option), -EEXIST);
	});
}

TEST_F(header_options, store_tells_the_lack_of_room_before_the_lack_of_magic) {
	writing({}, 4, [](bpf_sock_ops& skops) {
		EXPECT_EQ(store(skops, {30, 2}), 0);
		EXPECT_EQ(store(skops, {254, 3, 0}), -ENOSPC);
		EXPECT_EQ(store(skops, {254, 2}), -EINVAL);
	});
}

TEST_F(header_options, store_in_a_header_that_is_broken_or_ends_early) {
	const auto answer = [&](const byte_list& options) {
		int result = 1;
		EXPECT_EQ(writing(options, 4,
						  [&](bpf_sock_ops& skops) {
							  result = store(skops, {30, 4, 7, 7});
						  })
					  .size(),
				  options.size() + 4);
		return result;
	};
	EXPECT_EQ(answer({0, 0, 0, 0}), -ENOSPC);
	EXPECT_EQ(answer({1, 1, 0, 30}), -ENOSPC); // EOL ends the search: 30 is not looked at
	EXPECT_EQ(answer({40, 0, 0, 0}), -EFAULT);
	EXPECT_EQ(answer({40, 1, 0, 0}), -EFAULT);
	EXPECT_EQ(answer({40, 5, 0, 0}), -EFAULT);
	EXPECT_EQ(answer({40, 255, 0, 0}), -EFAULT);
	EXPECT_EQ(answer({1, 1, 1, 40}), -EFAULT);
	EXPECT_EQ(answer({30, 2, 40, 0}), -EEXIST); // found before the broken one
	EXPECT_EQ(answer({1, 1, 40, 2}), 0);
}

TEST_F(header_options, load_checks_in_the_kernels_order) {
	parsing({30, 4, 7, 7}, [](bpf_sock_ops& skops) {
		byte_list wanted{30, 0, 0, 0};
		EXPECT_EQ(bpf_load_hdr_opt(skops, wanted.data(), 1, 0), -EINVAL);
		EXPECT_EQ(load(skops, wanted, 2), -EINVAL);
		EXPECT_EQ(load(skops, wanted, u64{1} << 32), -EINVAL);
		for (const u8 kind : {0, 1})
			EXPECT_EQ(load_with(skops, {kind, 0}).result, -EINVAL);
		for (const u8 size : {1, 2, 4, 6, 255})
			EXPECT_EQ(load_with(skops, {30, size, 0, 0, 0, 0}).result, -EINVAL) << +size;
		for (const u8 size : {0, 1, 2, 3, 5, 7, 255})
			EXPECT_EQ(load_with(skops, {254, size, 0, 0, 0, 0, 0, 0}).result, -EINVAL) << +size;
		EXPECT_EQ(load_with(skops, {254, 6, 0, 0, 0}).result, -EINVAL); // the magic is longer than len
		EXPECT_EQ(load_with(skops, {254, 6, 0, 0, 0, 0}).result, -ENOMSG);
		EXPECT_EQ(load_with(skops, {31, 0}, bpf_load_hdr_opt_tcp_syn).result, -ENOENT);
		EXPECT_EQ(load_with(skops, {1, 0}, bpf_load_hdr_opt_tcp_syn).result, -EINVAL); // before the SYN
	});
}

TEST_F(header_options, load_copies_what_fits) {
	parsing({1, 40, 2, 30, 6, 1, 2, 3, 4}, [](bpf_sock_ops& skops) {
		EXPECT_EQ(load_with(skops, {30, 0}), (loaded{-ENOSPC, {30, 6}}));
		EXPECT_EQ(load_with(skops, {30, 0, 9, 9, 9}), (loaded{-ENOSPC, {30, 6, 1, 2, 3}}));
		EXPECT_EQ(load_with(skops, {30, 0, 9, 9, 9, 9}), (loaded{6, {30, 6, 1, 2, 3, 4}}));
		EXPECT_EQ(load_with(skops, {30, 0, 9, 9, 9, 9, 9}), (loaded{6, {30, 6, 1, 2, 3, 4, 9}}));
		EXPECT_EQ(load_with(skops, {40, 0, 9}), (loaded{2, {40, 2, 9}}));
	});
	parsing({254, 8, 1, 2, 3, 4, 5, 6}, [](bpf_sock_ops& skops) {
		EXPECT_EQ(load_with(skops, {254, 4, 1, 2}), (loaded{-ENOSPC, {254, 8, 1, 2}}));
		EXPECT_EQ(load_with(skops, {254, 6, 1, 2, 3, 4, 0, 0}), (loaded{8, {254, 8, 1, 2, 3, 4, 5, 6}}));
	});
}

TEST_F(header_options, load_from_a_malformed_header) {
	const auto answer = [&](const byte_list& options) {
		int result = 1;
		parsing(options, [&](bpf_sock_ops& skops) { result = load_with(skops, {30, 0, 0, 0}).result; });
		return result;
	};
	EXPECT_EQ(answer({}), -ENOMSG);
	EXPECT_EQ(answer({30, 4, 0, 0}), 4);
	EXPECT_EQ(answer({30, 0, 0, 0}), -EFAULT);
	EXPECT_EQ(answer({30, 1, 0, 0}), -EFAULT);
	EXPECT_EQ(answer({30, 5, 0, 0}), -EFAULT);
	EXPECT_EQ(answer({30, 255, 0, 0}), -EFAULT);
	EXPECT_EQ(answer({1, 1, 1, 30}), -EFAULT);
	EXPECT_EQ(answer({40, 255, 30, 2}), -EFAULT);
	EXPECT_EQ(answer({1, 0, 30, 2}), -ENOMSG); // behind EOL
	byte_list full(40, tcpopt::nop);
	full[36] = 30;
	full[37] = 4;
	EXPECT_EQ(answer(full), 4);
}

TEST_F(header_options, a_segment_whose_data_offset_lies_has_no_options) {
	for (const u8 words : {0, 4, 5, 7, 15}) {
		header from({30, 4, 7, 7});
		from.bytes[12] = static_cast<u8>(words << 4);
		int runs = 0;
		with_program(
			[&](bpf_sock_ops& skops) {
				++runs;
				EXPECT_EQ(load_with(skops, {30, 0, 0, 0}).result, -ENOMSG) << +words;
			},
			[&] { bpf_skops_parse_hdr(tp, from.skb); });
		EXPECT_EQ(runs, 1);
	}
}

/// The op, and what reserve, store, load, and load from the SYN answer there.
struct op_answers {
	int op, reserve, store, load, load_syn;
};

TEST_F(header_options, each_op_without_a_segment_has_its_answers) {
	for (int op = BPF_SOCK_OPS_VOID; op != 25; ++op) {
		const bool stamp = op > BPF_SOCK_OPS_WRITE_HDR_OPT_CB;
		int runs = 0;
		with_program(
			[&](bpf_sock_ops& skops) {
				++runs;
				const bool sizes = op == BPF_SOCK_OPS_HDR_OPT_LEN_CB;
				EXPECT_EQ(bpf_reserve_hdr_opt(skops, 4, 0), sizes ? -ENOSPC : -EPERM) << op;
				EXPECT_EQ(store(skops, {30, 0}), -EPERM) << op;
				EXPECT_EQ(load_with(skops, {30, 0}).result, stamp ? -EOPNOTSUPP : -EPERM) << op;
				EXPECT_EQ(load_with(skops, {30, 0}, 2).result, stamp ? -EOPNOTSUPP : -EINVAL) << op;
				EXPECT_EQ(load_with(skops, {30, 0}, 1).result, stamp ? -EOPNOTSUPP : -ENOENT) << op;
			},
			[&] { on.call(op); });
		EXPECT_EQ(runs, 1) << op;
	}
}

TEST_F(header_options, each_op_with_a_segment_has_its_answers) {
	header segment({30, 4, 7, 7});
	std::vector<op_answers> seen;
	const auto looks = [&](bpf_sock_ops& skops) {
		seen.push_back({static_cast<int>(+skops.op), bpf_reserve_hdr_opt(skops, 4, 0), store(skops, {31, 2}),
						load_with(skops, {30, 0, 0, 0}).result,
						load_with(skops, {30, 0, 0, 0}, bpf_load_hdr_opt_tcp_syn).result});
	};
	header to({30, 4, 7, 7});
	to.add_room(4);
	with_program(looks, [&] {
		bpf_skops_established(tp, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, &segment.skb);
		bpf_skops_established(tp, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, &segment.skb);
		bpf_skops_parse_hdr(tp, segment.skb);
		EXPECT_EQ(bpf_skops_hdr_opt_len(tp, {.skb = &segment.skb}, 8), 4u);
		bpf_skops_write_hdr_opt(tp, {.skb = &to.skb}, 4);
	});
	ASSERT_EQ(seen.size(), 5u);
	for (const op_answers& each : seen) {
		const bool sizes = each.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB;
		const bool writes = each.op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB;
		EXPECT_EQ(each.reserve, sizes ? 0 : -EPERM) << op_name(each.op);
		EXPECT_EQ(each.store, writes ? 0 : -EPERM) << op_name(each.op);
		EXPECT_EQ(each.load, sizes ? -EPERM : 4) << op_name(each.op);
		EXPECT_EQ(each.load_syn, -ENOENT) << op_name(each.op);
	}
	EXPECT_EQ(to.options(), (byte_list{30, 4, 7, 7, 31, 2, 1, 1}));
}

TEST_F(header_options, what_was_stored_can_be_loaded_at_once) {
	writing({8, 4, 1, 2}, 8, [](bpf_sock_ops& skops) {
		EXPECT_EQ(load_with(skops, {30, 0, 0, 0}).result, -ENOMSG);
		EXPECT_EQ(store(skops, {30, 4, 5, 6}), 0);
		EXPECT_EQ(load_with(skops, {30, 0, 0, 0}), (loaded{4, {30, 4, 5, 6}}));
		EXPECT_EQ(load_with(skops, {8, 0, 0, 0}), (loaded{4, {8, 4, 1, 2}}));
		EXPECT_EQ(skops.skb_data_end - skops.skb_data, 28);
	});
}

TEST_F(header_options, a_null_buffer_is_reported_and_einval) {
	recorded_reports reports;
	const auto body = [&](bpf_sock_ops& skops) {
		EXPECT_EQ(bpf_store_hdr_opt(skops, nullptr, 4, 0), -EINVAL);
		expect_report(reports, "bpf_store_hdr_opt", {"null", "4", "-EINVAL"});
		EXPECT_EQ(bpf_load_hdr_opt(skops, nullptr, 7, 0), -EINVAL);
		expect_report(reports, "bpf_load_hdr_opt", {"null", "7", "-EINVAL"});
		EXPECT_EQ(bpf_store_hdr_opt(skops, nullptr, 0, 0), -EINVAL); // nothing would be read
		EXPECT_EQ(bpf_load_hdr_opt(skops, nullptr, 0, 0), -EINVAL);
		EXPECT_TRUE(reports.take().empty());
	};
	writing({}, 4, body);
}

} // namespace
