// SPDX-License-Identifier: MIT
// Helpers as instructions call them: maps, records, sockets, callbacks, texts.

#include <sys/stat.h>
#include <unistd.h>

#include <sockops/map/perf_event_array.hpp>
#include <sockops/map/ring_buffer.hpp>

#include "support.hpp"

using namespace vm_test;

namespace {

bpf_map_ptr hash_of(u32 value_size) {
	return make_map({.map_type = BPF_MAP_TYPE_HASH,
					 .key_size = 4,
					 .value_size = value_size,
					 .max_entries = 8,
					 .map_name = "hash"});
}
/// .rodata with a string in it.
bpf_map_ptr constant(const char* text) {
	const bpf_map_ptr rodata = make_map({.map_type = BPF_MAP_TYPE_ARRAY,
										 .key_size = 4,
										 .value_size = 16,
										 .max_entries = 1,
										 .map_flags = BPF_F_RDONLY_PROG,
										 .map_name = "rodata"});
	char value[16] = {};
	std::snprintf(value, sizeof value, "%s", text);
	const u32 zero = 0;
	EXPECT_EQ(rodata.get()->sys_update_elem(&zero, value, BPF_ANY), 0);
	EXPECT_EQ(rodata.get()->freeze(), 0);
	return rodata;
}

} // namespace

TEST(helpers, a_map_keeps_what_a_program_stores) {
	const bpf_map_ptr hash = hash_of(8);
	running one("*(u32 *)(r10 - 4) = 5; *(u64 *)(r10 - 16) = 77; r1 = map 0; r2 = r10; r2 += -4; r3 = r10; "
				"r3 += -16; r4 = 0;"
				"call bpf_map_update_elem; r1 = map 0; r2 = r10; r2 += -4; call bpf_map_lookup_elem; if r0 "
				"== 0 goto out;"
				"r1 = 1; lock *(u64 *)(r0 + 0) += r1; out: r0 = 1; exit",
				{hash});
	one.call();
	EXPECT_EQ(at(hash, 5), 78u);
}

TEST(helpers, an_update_answers_with_the_maps_errno) {
	running one("r6 = r1; *(u32 *)(r10 - 4) = 5; *(u64 *)(r10 - 16) = 77; r1 = map 0; r2 = r10; r2 += -4; r3 "
				"= r10; r3 += -16; r4 = 2;"
				"call bpf_map_update_elem" +
					std::string(reply_r0),
				{hash_of(8)});
	EXPECT_EQ(one.call(), -ENOENT);
}

TEST(helpers, ring_buffer_records_come_out_in_order) {
	const bpf_map_ptr ring =
		make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096, .map_name = "events"});
	running one("r6 = r1; r1 = map 0; r2 = 8; r3 = 0; call bpf_ringbuf_reserve; if r0 == 0 goto out; r1 = "
				"*(u32 *)(r6 + 0); *(u64 *)(r0 + 0) = r1;"
				"r1 = r0; r2 = 0; call bpf_ringbuf_submit; out: r0 = 1; exit",
				{ring});
	one.call(BPF_SOCK_OPS_TIMEOUT_INIT);
	one.call(BPF_SOCK_OPS_RWND_INIT);
	std::vector<u64> seen;
	static_cast<ring_buffer_map*>(ring.get())->consume([&](std::span<const std::byte> record) {
		ASSERT_EQ(record.size(), 8u);
		std::memcpy(&seen.emplace_back(), record.data(), 8);
	});
	EXPECT_EQ(seen, (std::vector<u64>{BPF_SOCK_OPS_TIMEOUT_INIT, BPF_SOCK_OPS_RWND_INIT}));
}

TEST(helpers, a_value_waits_in_a_queue_until_it_is_popped) {
	const bpf_map_ptr queue =
		make_map({.map_type = BPF_MAP_TYPE_QUEUE, .value_size = 4, .max_entries = 2, .map_name = "queue"});
	running push("r6 = r1; *(u32 *)(r10 - 4) = 5; r1 = map 0; r2 = r10; r2 += -4; r3 = 0; call "
				 "bpf_map_push_elem" +
					 std::string(reply_r0),
				 {queue}),
		pop("r6 = r1; r1 = map 0; r2 = r10; r2 += -4; call bpf_map_pop_elem; r0 = *(u32 *)(r10 - 4)" +
				std::string(reply_r0),
			{queue});
	EXPECT_EQ(push.call(), 0);
	EXPECT_EQ(push.call(), 0);
	EXPECT_EQ(push.call(), -E2BIG);
	EXPECT_EQ(pop.call(), 5);
	EXPECT_EQ(pop.call(), 5);
	EXPECT_EQ(pop.call(), 0) << "what was not written before is written";
}

TEST(helpers, a_queue_that_programs_only_read_is_peeked_alone) {
	const bpf_map_ptr queue = make_map({.map_type = BPF_MAP_TYPE_QUEUE,
										.value_size = 4,
										.max_entries = 2,
										.map_flags = BPF_F_RDONLY_PROG,
										.map_name = "queue"});
	const u32 value = 9;
	ASSERT_EQ(queue.get()->sys_update_elem(nullptr, &value, BPF_ANY), 0);
	const auto fault_of = [&](const std::string& helper, int answer) {
		running one("r6 = r1; *(u32 *)(r10 - 4) = 5; r1 = map 0; r2 = r10; r2 += -4; r3 = 0; call " + helper +
						"; r0 = *(u32 *)(r10 - 4)" + reply_r0,
					{queue});
		EXPECT_EQ(one.call(), answer) << helper;
		return one.last_fault();
	};
	EXPECT_EQ(fault_of("bpf_map_peek_elem", 9), "");
	for (const std::string writes : {"bpf_map_pop_elem", "bpf_map_push_elem"})
		expect_contains(fault_of(writes, -1), writes + "(): map 'queue' was made BPF_F_RDONLY_PROG");
}

TEST(helpers, perf_events_go_to_the_buffer_of_this_cpu) {
	const bpf_map_ptr array = make_map({.map_type = BPF_MAP_TYPE_PERF_EVENT_ARRAY,
										.key_size = 4,
										.value_size = 4,
										.max_entries = 16,
										.map_name = "perf"});
	auto& perf = static_cast<perf_event_array_map&>(*array.get());
	running one("r6 = r1; *(u64 *)(r10 - 8) = 9; r2 = map 0; r3 = 0xffffffff ll; r4 = r10; r4 += -8; r5 = 8; "
				"call bpf_perf_event_output" +
					std::string(reply_r0),
				{array});
	EXPECT_EQ(one.call(), -ENOENT);
	ASSERT_EQ(perf.open(smp_processor_id(), 4096), 0);
	EXPECT_EQ(one.call(), 0);
	EXPECT_EQ(perf.consume(smp_processor_id(),
						   [](std::span<const std::byte> record) { EXPECT_GE(record.size(), 8u); }),
			  1u);
}

TEST(helpers, options_are_set_and_read) {
	running one("r6 = r1; *(u32 *)(r10 - 4) = 40; r2 = 6; r3 = 1001; r4 = r10; r4 += -4; r5 = 4; call "
				"bpf_setsockopt" +
				std::string(reply_r0));
	EXPECT_EQ(one.call(), 0);
	EXPECT_EQ(one.sk.snd_cwnd, 40u);
}

TEST(helpers, the_socket_is_read_by_both_of_its_views) {
	running one(
		"r6 = r1; r1 = *(u64 *)(r1 + 184); if r1 == 0 goto none; r7 = *(u32 *)(r1 + 44); call bpf_tcp_sock; "
		"if r0 == 0 goto none;"
		"r0 = *(u32 *)(r0 + 0); r0 += r7; goto out; none: r0 = 0; out: *(u32 *)(r6 + 4) = r0; r0 = 1; exit");
	one.sk.skc_num = 8080;
	one.sk.snd_cwnd = 11;
	EXPECT_EQ(one.call(), 8091);
	request_sock req;
	inet_reqsk_init(req, &one.sk, one.in);
	EXPECT_EQ(tcp_call_bpf(&req, BPF_SOCK_OPS_TIMEOUT_INIT, 0, nullptr), 0) << "sk is NULL for a request";
}

TEST(helpers, a_socket_by_its_type_is_read_where_it_is_modelled) {
	static const tcp_sock one_of_them;
	const auto offset = static_cast<u32>(reinterpret_cast<const char*>(&one_of_them.snd_ssthresh) -
										 reinterpret_cast<const char*>(&one_of_them));
	running one("r6 = r1; r1 = *(u64 *)(r1 + 184); call bpf_skc_to_tcp_sock; if r0 == 0 goto out; r0 = *(u32 "
				"*)(r0 + " +
				std::to_string(offset) + "); out: *(u32 *)(r6 + 4) = r0; r0 = 1; exit");
	one.sk.snd_ssthresh = 1234;
	EXPECT_EQ(one.call(), 1234);
}

TEST(helpers, storage_of_a_socket_counts_its_calls) {
	const bpf_map_ptr storage = make_map({.map_type = BPF_MAP_TYPE_SK_STORAGE,
										  .key_size = 4,
										  .value_size = 8,
										  .map_flags = BPF_F_NO_PREALLOC,
										  .map_name = "storage"});
	running one(
		"r6 = r1; r2 = *(u64 *)(r1 + 184); if r2 == 0 goto none; r1 = map 0; r3 = 0; r4 = 1; call "
		"bpf_sk_storage_get; if r0 == 0 goto none;"
		"r1 = *(u64 *)(r0 + 0); r1 += 1; *(u64 *)(r0 + 0) = r1; *(u32 *)(r6 + 4) = r1; none: r0 = 1; exit",
		{storage});
	EXPECT_EQ(one.call(), 1);
	EXPECT_EQ(one.call(), 2);
}

TEST(helpers, a_loop_calls_back_until_it_is_told_to_stop) {
	const std::string text = "r6 = r1; *(u64 *)(r10 - 8) = 0; r1 = 10; r2 = code +11; r3 = r10; r3 += -8; r4 "
							 "= 0; call bpf_loop; r1 = *(u64 *)(r10 - 8); r0 <<= 8; r0 |= r1;"
							 "*(u32 *)(r6 + 4) = r0; r0 = 1; exit; r3 = *(u64 *)(r2 + 0); r3 += r1; *(u64 "
							 "*)(r2 + 0) = r3; r0 = 0; if r1 != 6 goto +1; r0 = 1; exit";
	running one(text);
	EXPECT_EQ(one.call(), 7 << 8 | (0 + 1 + 2 + 3 + 4 + 5 + 6));
}

TEST(helpers, each_element_of_a_map_is_visited) {
	const bpf_map_ptr array = array_of(4);
	for (u32 key = 0; key != 4; ++key) {
		const u64 value = 10 * key;
		ASSERT_EQ(array.get()->sys_update_elem(&key, &value, BPF_ANY), 0);
	}
	running one("r6 = r1; *(u64 *)(r10 - 8) = 0; r1 = map 0; r2 = code +9; r3 = r10; r3 += -8; r4 = 0; call "
				"bpf_for_each_map_elem; r0 = *(u64 *)(r10 - 8);"
				"*(u32 *)(r6 + 4) = r0; r0 = 1; exit; r1 = *(u64 *)(r3 + 0); r5 = *(u32 *)(r2 + 0); r1 += "
				"r5; r5 = *(u64 *)(r4 + 0); r5 += r1; *(u64 *)(r4 + 0) = r5; r0 = 0; exit",
				{array});
	EXPECT_EQ(one.call(), 66);
}

TEST(helpers, texts_become_numbers_and_numbers_texts) {
	// "-42 ", with the number's end after 3 characters
	running number("r6 = r1; *(u64 *)(r10 - 8) = 0x2032342d; r1 = r10; r1 += -8; r2 = 4; r3 = 0; r4 = r10; "
				   "r4 += -16; call bpf_strtol; r1 = *(u64 *)(r10 - 16); r0 -= r1" +
				   std::string(reply_r0));
	EXPECT_EQ(number.call(), 45);
	// snprintf("%d", 123) counts the NUL; its format is a constant
	running text(
		"r6 = r1; *(u64 *)(r10 - 16) = 123; r1 = r10; r1 += -32; r2 = 8;" +
			load_of("3", ld_imm64::map_idx_value, 0) +
			"; r4 = r10; r4 += -16; r5 = 8; call bpf_snprintf; r1 = *(u8 *)(r10 - 30); r0 <<= 8; r0 |= r1" +
			std::string(reply_r0),
		{constant("%d")});
	EXPECT_EQ(text.call(), 4 << 8 | '3');
}

TEST(helpers, probing_reads_what_is_there_and_answers_as_a_kernel_elsewhere) {
	running there("r6 = r1; *(u64 *)(r10 - 8) = 7; r1 = r10; r1 += -16; r2 = 8; r3 = r10; r3 += -8; call "
				  "bpf_probe_read_kernel; r0 = *(u64 *)(r10 - 16)" +
				  std::string(reply_r0));
	EXPECT_EQ(there.call(), 7);
	running nowhere("r6 = r1; r1 = r10; r1 += -16; r2 = 8; r3 = 4096; call bpf_probe_read_kernel" +
					std::string(reply_r0));
	EXPECT_EQ(nowhere.call(), -ERANGE); // as copy_from_kernel_nofault() of what is no address of a kernel
	running in_kernel("r6 = r1; r1 = r10; r1 += -16; r2 = 8; r3 = 1; r3 <<= 63; r3 s>>= 16; r3 |= 8; call "
					  "bpf_probe_read_kernel" +
					  std::string(reply_r0));
	EXPECT_EQ(in_kernel.call(), -EFAULT);
}

TEST(helpers, probing_the_context_reads_the_kernels_members_and_says_so_where_there_is_none) {
	// bpf_sock_ops_kern::op, where the kernel has it.
	running member("r6 = r1; r1 = r10; r1 += -8; r2 = 1; r3 = r6; r3 += " +
				   std::to_string(offsetof(bpf_sock_ops_kern, op)) +
				   "; call bpf_probe_read_kernel; r0 = *(u8 *)(r10 - 8)" + std::string(reply_r0));
	EXPECT_EQ(member.call(BPF_SOCK_OPS_RWND_INIT), BPF_SOCK_OPS_RWND_INIT);
	// skops->op and skops->remote_port: a kernel gives 0, and parts of a pointer, or whatever lies behind.
	for (const auto& [offset, field] : {std::pair(0, "op"), std::pair(64, "remote_port")}) {
		running one("r6 = r1; r1 = r10; r1 += -8; r2 = 4; r3 = r6; r3 += " + std::to_string(offset) +
					"; call bpf_probe_read_kernel; r0 = 1; exit");
		EXPECT_EQ(one.call(), -1);
		expect_contains(one.last_fault(), "4 bytes at offset " + std::to_string(offset) +
											  " of struct bpf_sock_ops, where " + field +
											  " is: a kernel has its own struct bpf_sock_ops_kern");
		expect_contains(one.last_fault(), "read " + std::string(field) + " directly");
	}
	running of_user("r6 = r1; r1 = r10; r1 += -8; r2 = 4; r3 = r6; r3 += 64; call bpf_probe_read_user" +
					std::string(reply_r0));
	EXPECT_EQ(of_user.call(), -EFAULT);
}

TEST(helpers, a_nested_dispatch_runs_in_a_machine_of_its_own) {
	// Setting the congestion control starts it, and it asks BASE_RTT inside the helper.
	struct nv final : tcp_backend {
		int answered = -1;
		int set_congestion_control(tcp_sock&, const char*) noexcept override { return 0; }
		void init_congestion_control(tcp_sock& tp) noexcept override {
			answered = static_cast<int>(tcp_bpf_base_rtt(tp));
		}
	} backend;
	running one("r6 = r1; r7 = *(u32 *)(r1 + 0); if r7 == 7 goto base; *(u32 *)(r10 - 4) = 0x766e; r2 = 6; "
				"r3 = 13; r4 = r10; r4 += -4; r5 = 4; call bpf_setsockopt;"
				"*(u32 *)(r6 + 4) = r7; r0 = 1; exit; base: *(u32 *)(r6 + 4) = 80; r0 = 1; exit");
	one.sk.backend = &backend;
	one.sk.skc_state = TCP_ESTABLISHED;
	EXPECT_EQ(one.call(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB), BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB);
	EXPECT_EQ(backend.answered, 80);
}

TEST(helpers, comparing_strings_gives_a_sign_and_needs_a_constant) {
	running one("r6 = r1; *(u64 *)(r10 - 8) = 0x61; r1 = r10; r1 += -8; r2 = 8;" +
					load_of("3", ld_imm64::map_idx_value, 0) + "; call bpf_strncmp" + std::string(reply_r0),
				{constant("z")});
	EXPECT_EQ(one.call(), -1);
	EXPECT_EQ(bpf_prog_faults(*one.prog.get()), 0u);
	running other("*(u64 *)(r10 - 8) = 0x61; r1 = r10; r1 += -8; r2 = 8; r3 = r1; " + hidden("r3") +
				  "call bpf_strncmp; r0 = 1; exit");
	EXPECT_EQ(other.call(), -1);
	expect_contains(other.last_fault(), "is no constant string");
}

TEST(helpers, a_callback_may_run_longer_than_a_program_may_be) {
	running one("r6 = r1; r1 = 1048576; r2 = code +7; r3 = 0; r4 = 0; call bpf_loop; *(u32 *)(r6 + 4) = r0; "
				"r0 = 1; exit; r0 = 0; exit");
	EXPECT_EQ(one.call(), 1048576);
}

TEST(helpers, walks_over_one_map_may_nest) {
	const bpf_map_ptr hash = hash_of(8);
	for (u32 key = 1; key != 4; ++key) {
		const u64 value = key;
		ASSERT_EQ(hash.get()->sys_update_elem(&key, &value, BPF_ANY), 0);
	}
	// The outer callback reads its key once more after the inner walk: 3 x (1 + 2 + 3) = 18 keys, then 1 + 2
	// + 3.
	running one("r6 = r1; *(u64 *)(r10 - 8) = 0; r1 = map 0; r2 = code +9; r3 = r10; r3 += -8; r4 = 0; call "
				"bpf_for_each_map_elem; r0 = *(u64 *)(r10 - 8);"
				"*(u32 *)(r6 + 4) = r0; r0 = 1; exit;"
				"r6 = r2; r7 = r4; r1 = map 0; r2 = code +10; r3 = r7; r4 = 0; call bpf_for_each_map_elem; "
				"r1 = *(u32 *)(r6 + 0); r2 = *(u64 *)(r7 + 0); r2 += r1; *(u64 *)(r7 + 0) = r2; r0 = 0; exit;"
				"r1 = *(u32 *)(r2 + 0); r2 = *(u64 *)(r4 + 0); r2 += r1; *(u64 *)(r4 + 0) = r2; r0 = 0; exit",
				{hash});
	EXPECT_EQ(one.call(), 18 + 6) << one.last_fault();
}

TEST(helpers, the_process_is_found_in_its_pid_namespace_and_in_no_other) {
	struct stat own {};
	ASSERT_EQ(::stat("/proc/self/ns/pid", &own), 0);
	const bpf_map_ptr ids = array_of(1);
	const auto ask = [&](u64 ino, u32 size) {
		running one("r6 = r1; r1 = " + std::to_string(own.st_dev) + " ll; r2 = " + std::to_string(ino) +
						" ll;" + load_of("3", ld_imm64::map_idx_value, 0) + "; r4 = " + std::to_string(size) +
						"; call bpf_get_ns_current_pid_tgid" + reply_r0,
					{ids});
		return one.call();
	};
	EXPECT_EQ(ask(own.st_ino, 8), 0);
	EXPECT_EQ(at(ids, 0), u64{static_cast<u32>(::getpid())} << 32 | static_cast<u32>(::gettid()));
	EXPECT_EQ(ask(own.st_ino + 1, 8), -EINVAL);
	EXPECT_EQ(at(ids, 0), 0u);
	EXPECT_EQ(ask(own.st_ino, 4), -EINVAL);
}
