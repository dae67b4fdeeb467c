// SPDX-License-Identifier: MIT
// Maps here and in the machine's kernel: which can be made, and what calls of user space answer. SOCKOPS_SEED
// repeats a run.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "../kernel_cases.hpp"
#include "../seed.hpp"
#include "lockstep.hpp"
#include "prog_array_lockstep.hpp"
#include "random_attributes.hpp"

namespace maps_diff {
namespace {

/// Would the kernel allocate so much at once that the machine feels it?
bool is_large(const bpf_map_attr& attr) {
	const u64 one = u64{attr.key_size} + 2 * u64{attr.value_size} + 64;
	return one * attr.max_entries > (1u << 20);
}

/// A set of attributes, whatever the answer.
void make_both(const bpf_map_attr& attr, diff_result& result) {
	bpf_map_ptr here;
	std::string why;
	const long error = bpf_map_create(attr, here, why);
	if (error == 0 && is_large(attr))
		return;
	const kernel_map there(attr);
	result.count(error == there.error(), [&] {
		return in_words(attr) + ": here " + std::to_string(error) + " (" + why + "), the kernel " +
			   std::to_string(there.error());
	});
}

/// What is answered by maps whose entries are no bytes, or have no key: there a null key, and others.
void ask_for_values(const bpf_map_attr& attr, diff_result& result) {
	const kernel_map there(attr);
	bpf_map_ptr here;
	std::string why;
	ASSERT_EQ(bpf_map_create(attr, here, why), 0) << why;
	const auto count = [&](long kernel, long ours, const char* call) {
		result.count(kernel == ours, [&] {
			return in_words(attr) + ": " + call + ": here " + std::to_string(ours) + ", the kernel " +
				   std::to_string(kernel);
		});
	};
	for (u32 index = 0; index != 5; ++index) {
		const u32* const key = attr.key_size == 0 && index == 0 ? nullptr : &index;
		u32 kernel = 0, ours = 0;
		for (const u64 flags : {0, 1, 2, 4, 8})
			count(there.lookup(key, &kernel, flags), here.get()->sys_lookup_elem(key, &ours, flags),
				  "lookup");
		for (const u64 flags : {0, 1, 4})
			count(there.take(key, &kernel, flags), here.get()->sys_lookup_and_delete_elem(key, &ours, flags),
				  "lookup and delete");
		count(there.erase(key), here.get()->sys_delete_elem(key), "delete");
		count(there.next_key(key, &kernel), here.get()->get_next_key(key, &ours), "next key");
		count(kernel, ours, "key after");
		if (attr.key_size == 0)
			count(there.update(key, &kernel, 0), here.get()->sys_update_elem(key, &ours, 0), "update");
	}
}

TEST(kernel_maps, are_made_and_answer_alike) {
	if (const std::string why = why_no_maps(); !why.empty())
		GTEST_SKIP() << why;
	const std::uint64_t seed = seed_of_run();
	random_attributes random(seed);
	diff_result result;
	for (const bpf_map_attr& attr : attributes_at_limits())
		make_both(attr, result);
	for (int i = 0; i != 20'000; ++i)
		make_both(random.any(), result);
	const unsigned long made = result.cases;
	const int sequences = all_of_it() ? 3400 : 2500;
	for (int i = 0; i != sequences; ++i)
		lockstep(random.usable(), random.number(), result).run(100);
	for (int i = 0; i != 100; ++i)
		prog_array_lockstep(random.number(), result).run(300);
	for (const bpf_map_type type : {BPF_MAP_TYPE_QUEUE, BPF_MAP_TYPE_STACK})
		ask_for_values({.map_type = type, .value_size = 4, .max_entries = 3}, result);
	ask_for_values({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096}, result);
	for (const bpf_map_type type :
		 {BPF_MAP_TYPE_PERF_EVENT_ARRAY, BPF_MAP_TYPE_PROG_ARRAY, BPF_MAP_TYPE_SOCKMAP})
		ask_for_values({.map_type = type, .key_size = 4, .value_size = 4, .max_entries = 3}, result);
	for (const std::string& words : result.first)
		std::printf("%s\n", words.c_str());
	report_cases("maps", result.cases, result.mismatches);
	EXPECT_GE(made, 15'000u);
}

} // namespace
} // namespace maps_diff
