// SPDX-License-Identifier: MIT
// SOCKMAP and SOCKHASH here and in the machine's kernel: which maps can be made, and what updates,
// deletes and lookups answer while connections come and go. SOCKOPS_SEED repeats a run.
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "../../kernel_cases.hpp"
#include "../../seed.hpp"
#include "random_walk.hpp"

namespace sockmap_diff {
namespace {

using kernel_diff::owned_fd;
using sockops::u32;

struct map_attr {
	u32 map_type, key_size, value_size, max_entries, map_flags, inner_map_fd, numa_node;
	char map_name[16];
};

long kernel_map(const sockops::bpf_map_attr& with) {
	map_attr attr{};
	attr.map_type = with.map_type;
	attr.key_size = with.key_size;
	attr.value_size = with.value_size;
	attr.max_entries = with.max_entries;
	attr.map_flags = with.map_flags;
	const long fd = kernel_diff::bpf_call(kernel_diff::abi::map_create, attr);
	if (fd < 0)
		return fd;
	owned_fd(static_cast<int>(fd)).close();
	return 0;
}

TEST(kernel_sockmap, which_maps_can_be_made) {
	if (const long error = kernel_map({sockops::BPF_MAP_TYPE_SOCKMAP, 4, 4, 1}); error != 0)
		GTEST_SKIP() << "no SOCKMAP can be made: " << std::strerror(static_cast<int>(-error));
	constexpr u32 token = 1u << 16; // BPF_F_TOKEN_FD asks for another descriptor first
	unsigned long cases = 0, mismatches = 0;
	const auto try_one = [&](const sockops::bpf_map_attr& attr) {
		sockops::bpf_map_ptr map;
		const int here = bpf_map_create(attr, map);
		const long kernel = kernel_map(attr);
		++cases;
		if (here != kernel && ++mismatches <= 10)
			std::printf("type %u key %u value %u entries %u flags %#x: here %d, the kernel %ld\n",
						attr.map_type, attr.key_size, attr.value_size, attr.max_entries, attr.map_flags, here,
						kernel);
	};
	for (const sockops::bpf_map_type type : {sockops::BPF_MAP_TYPE_SOCKMAP, sockops::BPF_MAP_TYPE_SOCKHASH}) {
		for (const u32 key : {0u, 1u, 2u, 3u, 4u, 5u, 8u, 512u, 513u, 100'000u})
			for (const u32 value : {0u, 1u, 2u, 4u, 5u, 7u, 8u, 9u, 16u})
				for (const u32 entries : {0u, 1u, 2u, 5u, 1000u})
					for (const u32 flags : {0u, 4u, 8u, 16u, 24u, 1u})
						try_one({type, key, value, entries, flags});
		for (u32 flags = 0; flags != 1 << 12; ++flags)
			try_one({type, 4, 4, 1, flags});
		for (u32 bit = 12; bit != 32; ++bit)
			if (1u << bit != token)
				try_one({type, 4, 4, 1, 1u << bit});
	}
	for (const u32 entries : {(1u << 27) + 1, 1u << 28, 1u << 31, (1u << 31) + 1, ~0u})
		for (const u32 key : {4u, 513u})
			try_one({sockops::BPF_MAP_TYPE_SOCKHASH, key, 4, entries, 0});
	report_cases("sockmap_maps", cases, mismatches);
}

/// One walk. A difference counts if the same walk shows one three times: some hang on time (seen in a few of
/// a million cases, never twice in the same walk), and are printed.
void walk_once(kernel_maps& kernel, std::uint64_t seed, walk_result& result) {
	const walk_result before = result;
	for (int attempt = 0; attempt != 3; ++attempt) {
		result = before;
		random_walk(kernel, seed, result).run(80);
		if (result.mismatches == before.mismatches)
			return;
		std::printf("differs, attempt %d: %s\n", attempt,
					result.first.empty() ? "" : result.first.back().c_str());
	}
}

std::string walk(std::uint64_t seed, walk_result& result) {
	if (const std::string why = enter_own_network(); !why.empty())
		return why;
	kernel_maps kernel;
	if (!kernel.unusable().empty())
		return kernel.unusable();
	const std::uint64_t walks = all_of_it() ? 150 : 100;
	for (std::uint64_t i = 0; i != walks; ++i)
		walk_once(kernel, seed + i, result);
	EXPECT_FALSE(kernel.full());
	return "";
}

TEST(kernel_sockmap, updates_deletes_lookups_and_closing) {
	const std::uint64_t seed = seed_of_run();
	walk_result result;
	std::string skip;
	std::thread([&] { skip = walk(seed, result); }).join();
	if (!skip.empty())
		GTEST_SKIP() << skip;
	for (const std::string& words : result.first)
		std::printf("%s\n", words.c_str());
	std::printf("ops seen:");
	for (const unsigned op : result.ops)
		std::printf(" %u", op);
	std::printf("; entered %lu, deleted in a STATE_CB %lu, entries of sockets in TCP_CLOSE %lu\n",
				result.entered, result.deleted_closing, result.in_state_close);
	report_cases("sockmap", result.cases, result.mismatches);
	EXPECT_GE(result.ops.size(), 13u);
	EXPECT_GT(result.entered, 1000u);
	EXPECT_GT(result.deleted_closing, 50u);
	EXPECT_GT(result.in_state_close, 50u);
}

} // namespace
} // namespace sockmap_diff
