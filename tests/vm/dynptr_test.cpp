// SPDX-License-Identifier: MIT
// Dynamic pointers as instructions use them.

#include <sockops/map/ring_buffer.hpp>

#include "support.hpp"

using namespace vm_test;

TEST(dynptr, a_record_of_a_size_known_at_run) {
	const bpf_map_ptr ring =
		make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096, .map_name = "events"});
	running one("r6 = r1; r2 = *(u32 *)(r1 + 0); r2 <<= 3; r1 = map 0; r3 = 0; r4 = r10; r4 += -16; call "
				"bpf_ringbuf_reserve_dynptr; r7 = r0;"
				"*(u64 *)(r10 - 24) = 99; r1 = r10; r1 += -16; r2 = 8; r3 = r10; r3 += -24; r4 = 8; r5 = 0; "
				"call bpf_dynptr_write; r8 = r0;"
				"r1 = r10; r1 += -16; r2 = 0; call bpf_ringbuf_submit_dynptr; r0 = r8; r0 <<= 8; r0 |= r7" +
					std::string(reply_r0),
				{ring});
	EXPECT_EQ(one.call(BPF_SOCK_OPS_TIMEOUT_INIT), -E2BIG * 256) << "8 bytes: no room at offset 8";
	EXPECT_EQ(one.call(BPF_SOCK_OPS_RWND_INIT), 0);
	std::vector<std::size_t> sizes;
	u64 last = 0;
	static_cast<ring_buffer_map*>(ring.get())->consume([&](std::span<const std::byte> record) {
		sizes.push_back(record.size());
		std::memcpy(&last, record.data() + record.size() - 8, 8);
	});
	EXPECT_EQ(sizes, (std::vector<std::size_t>{8, 16}));
	EXPECT_EQ(last, 99u);
}

TEST(dynptr, none_was_made_there) {
	running one("*(u64 *)(r10 - 16) = 0; *(u64 *)(r10 - 8) = 0; r1 = r10; r1 += -16; r2 = 0; r3 = 8; call "
				"bpf_dynptr_data; r0 = 1; exit");
	EXPECT_EQ(one.call(), -1);
	expect_contains(one.last_fault(), "there is no dynptr at");
}

TEST(dynptr, only_of_a_maps_value_and_gone_with_its_record) {
	const bpf_map_ptr ring =
		make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096, .map_name = "events"});
	running record("r1 = map 0; r2 = 8; r3 = 0; call bpf_ringbuf_reserve; if r0 == 0 goto out; r1 = r0; r2 = "
				   "8; r3 = 0; r4 = r10; r4 += -16;"
				   "call bpf_dynptr_from_mem; out: r0 = 1; exit",
				   {ring});
	EXPECT_EQ(record.call(), -1);
	expect_contains(record.last_fault(), "is no value of a map");
	running after("r1 = map 0; r2 = 8; r3 = 0; r4 = r10; r4 += -16; call bpf_ringbuf_reserve_dynptr; r1 = "
				  "r10; r1 += -16; r2 = 0; r3 = 8; call bpf_dynptr_data;"
				  "if r0 == 0 goto out; r6 = r0; r1 = r10; r1 += -16; r2 = 0; call "
				  "bpf_ringbuf_submit_dynptr; *(u64 *)(r6 + 0) = 1; out: r0 = 1; exit",
				  {ring});
	EXPECT_EQ(after.call(), -1);
	expect_contains(after.last_fault(), "writes 8 bytes to");
}

TEST(dynptr, a_record_with_clones_is_discarded_once_when_its_program_is_stopped) {
	const bpf_map_ptr ring =
		make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096, .map_name = "events"});
	running stopped("r1 = map 0; r2 = 8; r3 = 0; r4 = r10; r4 += -16; call bpf_ringbuf_reserve_dynptr;"
					"r1 = r10; r1 += -16; r2 = r10; r2 += -32; call bpf_dynptr_clone;"
					"r1 = r10; r1 += -32; r2 = r10; r2 += -48; call bpf_dynptr_clone; r0 = 1; exit",
					{ring});
	stopped.call();
	expect_contains(stopped.last_fault(), "ends without");
	auto& events = static_cast<ring_buffer_map&>(*ring.get());
	u64 wakeups = 0;
	ASSERT_EQ(::read(events.wakeup_fd(), &wakeups, sizeof wakeups), ssize_t{sizeof wakeups});
	EXPECT_EQ(wakeups, 1u) << "the reader is woken by each that is given back";
	EXPECT_EQ(events.consume([](auto) { FAIL() << "it was discarded"; }), 0u);
	EXPECT_EQ(events.query(BPF_RB_AVAIL_DATA), 0u);
}

TEST(dynptr, a_short_slice_leaves_the_long_one_as_it_is) {
	const bpf_map_ptr array = make_map({.map_type = BPF_MAP_TYPE_ARRAY,
										.key_size = 4,
										.value_size = 64,
										.max_entries = 1,
										.map_name = "array"});
	running one("r6 = r1;" + load_of("1", ld_imm64::map_idx_value, 0) +
					"; r2 = 64; r3 = 0; r4 = r10; r4 += -16; call bpf_dynptr_from_mem;"
					"r1 = r10; r1 += -16; r2 = 0; r3 = 64; call bpf_dynptr_data; r7 = r0; r1 = r10; r1 += "
					"-16; r2 = 0; r3 = 8; call bpf_dynptr_data;"
					"if r7 == 0 goto out; *(u64 *)(r7 + 32) = 5; r0 = *(u64 *)(r7 + 32); *(u32 *)(r6 + 4) = "
					"r0; out: r0 = 1; exit",
				{array});
	EXPECT_EQ(one.call(), 5);
}
