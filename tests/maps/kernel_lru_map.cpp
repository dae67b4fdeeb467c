// SPDX-License-Identifier: MIT
#include "kernel_lru_map.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "../helper_number.hpp"
#include "../kernel/verifier.hpp"

namespace maps_diff {

namespace {

namespace abi = kernel_diff::abi;

sockops::bpf_map_attr attr_of(u32 max_entries, u32 flags) {
	return {.map_type = sockops::BPF_MAP_TYPE_LRU_HASH,
			.key_size = sizeof(u32),
			.value_size = sizeof(u64),
			.max_entries = max_entries,
			.map_flags = flags};
}

constexpr std::int32_t ethernet_header = 14, packet_bytes = 64;

/// Looks up the key that a packet has after its Ethernet header, and returns whether it was found.
long load_looker_up(int map_fd) {
	enum reg : std::uint8_t { r0, r1, r2, r3, r4, fp = 10 };
	constexpr std::int32_t load_bytes = helper_number("bpf_skb_load_bytes"),
						   lookup_elem = helper_number("bpf_map_lookup_elem");
	const abi::insn insns[] = {
		{0xb7, r2, 0, 0, ethernet_header},
		{0xbf, r3, fp, 0, 0},
		{0x07, r3, 0, 0, -8},
		{0xb7, r4, 0, 0, sizeof(u32)},
		{0x85, 0, 0, 0, load_bytes},
		{0x18, r1, 1, 0, map_fd},
		{0, 0, 0, 0, 0},
		{0xbf, r2, fp, 0, 0},
		{0x07, r2, 0, 0, -8},
		{0x85, 0, 0, 0, lookup_elem},
		{0x15, r0, 0, 1, 0},
		{0xb7, r0, 0, 0, 1},
		{0x95, 0, 0, 0, 0},
	};
	return kernel_diff::load_prog(abi::sched_cls, insns);
}

} // namespace

/// With lists for each CPU, their elements are as many for each.
kernel_lru_map::kernel_lru_map(u32 max_entries, u32 flags)
	: map_(attr_of(max_entries, flags)), most_(max_entries),
	  prog_(map_.error() ? -1 : load_looker_up(map_.fd())) {
	if (prog_ >= 0)
		owned_prog_ = kernel_diff::owned_fd(static_cast<int>(prog_));
	if (flags & sockops::BPF_F_NO_COMMON_LRU)
		most_ = (max_entries + kernel_cpus() - 1) / kernel_cpus() * kernel_cpus();
}

void kernel_lru_map::look_up_in_program(std::span<const u32> keys) {
	for (const u32 key : keys) {
		std::array<std::byte, packet_bytes> packet{};
		std::memcpy(packet.data() + ethernet_header, &key, sizeof key);
		abi::test_run_attr attr{};
		attr.prog_fd = static_cast<u32>(owned_prog_.get());
		attr.data_size_in = packet.size();
		attr.data_in = reinterpret_cast<std::uintptr_t>(packet.data());
		EXPECT_EQ(kernel_diff::bpf_call(abi::prog_test_run, attr), 0);
	}
}

} // namespace maps_diff
