// SPDX-License-Identifier: MIT
// Programs that were compiled for this machine: how they are loaded, what they see of a call, how they call
// each other.
#include <gtest/gtest.h>

#include <thread>

#include <sockops/hook/sk_helpers.hpp>
#include <sockops/map/prog_array.hpp>
#include <sockops/native/native_object.hpp>

#include "../../traps/support.hpp"

namespace {

using namespace trap_test;

std::string error_of(auto action) {
	try {
		action();
	} catch (const object_error& failure) {
		return failure.what();
	}
	return "";
}

TEST(native_object, an_unknown_name_is_answered_with_those_there_are) {
	const std::string error = error_of([] { (void)native_object::open("nosuch"); });
	EXPECT_NE(error.find("no native program 'nosuch' is linked; there are"), error.npos) << error;
	EXPECT_NE(error.find(" object_tune"), error.npos) << error;
}

TEST(native_object, is_loaded_once_at_a_time) {
	{
		const native_object first = native_object::load("object_op_counts");
		EXPECT_NE(error_of([] { (void)native_object::open("object_op_counts"); }).find("is loaded already"),
				  std::string::npos);
	}
	EXPECT_EQ(error_of([] { (void)native_object::open("object_op_counts"); }), "");
}

TEST(native_object, is_loaded_as_long_as_one_of_its_programs_is_held) {
	bpf_prog_ptr kept = native_object::load("object_op_counts").prog();
	EXPECT_NE(error_of([] { (void)native_object::open("object_op_counts"); }), "");
	one_socket on;
	attach(*on.root, kept);
	on.call(BPF_SOCK_OPS_TCP_CONNECT_CB);
	EXPECT_EQ(on.sk.bpf_sock_ops_cb_flags, BPF_SOCK_OPS_ALL_CB_FLAGS);
	detach(*on.root, kept);
	kept = {};
	EXPECT_EQ(error_of([] { (void)native_object::open("object_op_counts"); }), "");
}

TEST(native_object, variables_of_kconfig_have_the_values_of_the_options) {
	for (const u32 hz : {1000u, 300u}) {
		native_object object = native_object::load("object_kconfig", {.hz = hz});
		one_socket on;
		attach(*on.root, object.prog());
		on.call(BPF_SOCK_OPS_TCP_CONNECT_CB);
		detach(*on.root, object.prog());
		EXPECT_EQ(object.global("hz"), hz);
		EXPECT_EQ(object.global("CONFIG_HZ"), hz);
		EXPECT_EQ(object.global("unset"), 0) << "__weak";
		EXPECT_NE(error_of([&] { object.global("CONFIG_HZ").set(1); }), "");
		ASSERT_EQ(object.notices().size(), 2u);
		EXPECT_NE(object.notices()[0].text.find("CONFIG_NO_SUCH_T"), std::string::npos);
	}
}

TEST(native_object, load_is_called_once) {
	native_object object = native_object::load("object_op_counts");
	EXPECT_EQ(error_of([&] { object.load(); }), "object_op_counts: load(): it has been loaded");
}

TEST(native_object, constants_are_set_before_load_alone) {
	native_object object = native_object::open("object_init_replies");
	object.global("syn_timeout").set(u32{77});
	object.load();
	EXPECT_NE(error_of([&] { object.global("syn_timeout").set(u32{78}); }), "");
	one_socket on;
	attach(*on.root, object.prog());
	EXPECT_EQ(on.call(BPF_SOCK_OPS_TIMEOUT_INIT), 77);
	EXPECT_EQ(object.global("asked")["timeout"], 1);
}

TEST(native_object, variables_begin_anew) {
	for (int times = 0; times != 2; ++times) {
		native_object object = native_object::load("object_globals");
		EXPECT_EQ(object.global("balance"), 1000);
		EXPECT_EQ(object.global("seen")["listening"], 5);
		one_socket on;
		attach(*on.root, object.prog());
		on.call(BPF_SOCK_OPS_TCP_LISTEN_CB);
		EXPECT_EQ(object.global("balance"), 1000 - BPF_SOCK_OPS_TCP_LISTEN_CB);
		EXPECT_EQ(object.global("seen")["listening"], 6);
		EXPECT_EQ(object.global("seen").text(), "{active = 0, passive = 0, listening = 6}");
		object.global("balance").set(50);
		on.call(BPF_SOCK_OPS_RTO_CB);
		EXPECT_EQ(object.global("balance"), 50 - BPF_SOCK_OPS_RTO_CB);
	}
}

TEST(native_object, an_unknown_program_or_variable_is_named) {
	native_object object = native_object::load("object_tail_calls");
	EXPECT_TRUE(error_of([&] {
					(void)object.prog("nosuch");
				}).starts_with("object_tail_calls: no sock_ops program 'nosuch': it has "));
	EXPECT_TRUE(
		error_of([&] { (void)object.prog(); }).starts_with("object_tail_calls: prog() without a name, of "));
	EXPECT_TRUE(error_of([&] {
					(void)object.global("by_op");
				}).starts_with("object_tail_calls: no global variable 'by_op'; it has "));
}

TEST(native_prog, writes_its_hash_and_reads_views_of_the_socket) {
	native_object object = native_object::load("object_views");
	one_socket on;
	on.sk.skc_num = 80;
	on.sk.sk_mark = 4;
	attach(*on.root, object.prog());
	on.call(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB);
	EXPECT_EQ(on.sk.sk_txhash, 0x1234u);
	EXPECT_EQ(on.sk.sk_mark, 7u);
	struct call {
		u32 op, port;
	};
	const typed_value seen = object.map("views")[call{BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, 80}];
	EXPECT_EQ(seen["mark_before"], 4);
	EXPECT_EQ(seen["mark"], 7);
	EXPECT_EQ(seen["same_numbers"], 1);
	EXPECT_EQ(seen["protocol"], 6);
}

TEST(native_prog, a_request_has_no_socket_and_its_hash_is_not_written) {
	native_object object = native_object::load("object_views");
	one_socket on;
	request_sock request;
	request.skc_net = &on.in;
	request.rsk_listener = &on.sk;
	request.skc_num = 80;
	attach(*on.root, object.prog());
	(void)tcp_call_bpf(&request, BPF_SOCK_OPS_RWND_INIT, 0, nullptr);
	struct call {
		u32 op, port;
	};
	EXPECT_EQ((object.map("views")[call{BPF_SOCK_OPS_RWND_INIT, 80}]["without_socket"]), 1);
}

TEST(native_prog, a_call_inside_its_call_has_a_context_of_its_own) {
	struct nv_backend final : tcp_backend {
		int set_congestion_control(tcp_sock& tp, const char* name) noexcept override {
			if (std::string_view(name) == "nv")
				base_rtt = tcp_call_bpf(&tp, BPF_SOCK_OPS_BASE_RTT, 0, nullptr);
			return 0;
		}
		int base_rtt = 0;
	} stack;
	native_object object = native_object::open("object_congestion");
	object.global("wants_nv").set(1);
	object.load();
	one_socket on;
	on.sk.backend = &stack;
	attach(*on.root, object.prog());
	EXPECT_EQ(on.call(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB), 1) << "the outer program's reply";
	EXPECT_EQ(stack.base_rtt, 80) << "the inner one's";
	EXPECT_EQ(object.global("asked_for_base_rtt"), 1);
}

TEST(native_prog, runs_in_several_threads_at_once) {
	constexpr u32 threads = 4, calls = 20'000;
	native_object object = native_object::load("object_op_counts");
	net in;
	const cgroup_root root;
	attach(*root, object.prog());
	std::vector<std::thread> players;
	for (u32 each = 0; each != threads; ++each)
		players.emplace_back([&] {
			scoped_tcp_sock sk(in, *root);
			for (u32 call = 0; call != calls; ++call)
				(void)tcp_call_bpf_2arg(&sk, BPF_SOCK_OPS_STATE_CB, TCP_ESTABLISHED, TCP_CLOSE);
		});
	for (std::thread& player : players)
		player.join();
	u64 counted = 0;
	std::vector<std::byte> key(sizeof(u32));
	key[0] = std::byte{BPF_SOCK_OPS_STATE_CB};
	for (u32 cpu = 0; cpu != 2 * threads + 2; ++cpu)
		counted += object.map("counts").of_cpu(key, cpu)["calls"].as<u64>();
	EXPECT_EQ(counted, u64{threads} * calls);
}

TEST(native_prog, tail_calls_end_at_the_limit) {
	native_object object = native_object::load("object_tail_calls");
	one_socket on;
	attach(*on.root, object.prog("tail_calls"));
	on.call(BPF_SOCK_OPS_TCP_LISTEN_CB);
	EXPECT_EQ(object.global("circles"), 33);
	on.call(BPF_SOCK_OPS_RTO_CB);
	EXPECT_EQ(object.global("without_program"), 1);
	EXPECT_EQ(on.call(BPF_SOCK_OPS_RWND_INIT), 30) << "the reply of the program that was gone on to";
}

TEST(native_prog, a_tail_call_leads_to_programs_of_other_kinds_too) {
	native_object object = native_object::load("object_tail_calls");
	auto& array = static_cast<prog_array_map&>(object.map("by_op").map());
	u32 found_reply = 1;
	ASSERT_EQ(array.set(BPF_SOCK_OPS_RWND_INIT, make_bpf_prog("other",
															  [&](bpf_sock_ops& skops) {
																  found_reply = skops.reply;
																  skops.reply = 44;
																  return 1;
															  })),
			  0);
	one_socket on;
	attach(*on.root, object.prog("tail_calls"));
	EXPECT_EQ(on.call(BPF_SOCK_OPS_RWND_INIT), 44);
	EXPECT_EQ(found_reply, 0u);
}

TEST(native_prog, its_answer_is_that_of_the_program_that_was_gone_on_to) {
	native_object object = native_object::load("object_tail_calls");
	auto& array = static_cast<prog_array_map&>(object.map("by_op").map());
	ASSERT_EQ(array.set(BPF_SOCK_OPS_RWND_INIT, answers({leaves, 0})), 0);
	one_socket on;
	attach(*on.root, object.prog("tail_calls"));
	EXPECT_EQ(on.call(BPF_SOCK_OPS_RWND_INIT), -1);
	EXPECT_EQ(array.set(BPF_SOCK_OPS_RWND_INIT, {}), 0);
	EXPECT_EQ(on.call(BPF_SOCK_OPS_RWND_INIT), 0);
}

} // namespace
