// SPDX-License-Identifier: MIT
#include "prog_array_lockstep.hpp"

#include <gtest/gtest.h>

namespace maps_diff {

namespace {

sockops::bpf_map_attr attr_of(u32 entries) {
	return {
		.map_type = sockops::BPF_MAP_TYPE_PROG_ARRAY, .key_size = 4, .value_size = 4, .max_entries = entries};
}

} // namespace

prog_array_lockstep::prog_array_lockstep(std::uint64_t seed, diff_result& result)
	: attr_(attr_of(1 + seed % 5)), random_(seed), result_(result), there_(attr_) {
	std::string why;
	EXPECT_EQ(bpf_map_create(attr_, here_, why), 0) << why;
	for (std::size_t i = 0; i != programs; ++i) {
		there_progs_[i] = kernel_diff::owned_fd(static_cast<int>(load_prog()));
		here_progs_[i] = sockops::make_bpf_prog("one", [](sockops::bpf_sock_ops&) { return 1; });
		EXPECT_TRUE(there_progs_[i]);
	}
}

void prog_array_lockstep::compare(long kernel, long here, const char* call, u32 index) {
	result_.count(kernel == here, [&] {
		return in_words(attr_) + ": " + call + " of index " + std::to_string(index) + ": here " +
			   std::to_string(here) + ", the kernel " + std::to_string(kernel);
	});
}

std::size_t prog_array_lockstep::number_of(u32 id, bool kernel) const {
	std::size_t i = 0;
	while (i != programs &&
		   id != (kernel ? kernel_diff::get_prog_info(there_progs_[i].get()).id : here_progs_[i]->id))
		++i;
	return i;
}

void prog_array_lockstep::lookup(u32 index) {
	u32 kernel = 0, here = 0;
	const long kernel_error = there_.lookup(&index, &kernel, 0);
	const long here_error = here_.get()->sys_lookup_elem(&index, &here, 0);
	compare(kernel_error, here_error, "lookup", index);
	if (kernel_error == 0 && here_error == 0)
		compare(static_cast<long>(number_of(kernel, true)), static_cast<long>(number_of(here, false)),
				"program", index);
}

void prog_array_lockstep::step() {
	const u32 index = static_cast<u32>(random_() % (attr_.max_entries + 2));
	auto& map = dynamic_cast<sockops::prog_array_map&>(*here_.get());
	u32 kernel = 0, here = 0;
	switch (random_() % 6) {
	case 0:
	case 1:
	case 2: {
		const std::size_t which = random_() % programs;
		const int fd = there_progs_[which].get();
		compare(there_.update(&index, &fd, 0), map.set(index, here_progs_[which]), "update", index);
		break;
	}
	case 3:
	case 4:
		compare(there_.erase(&index), map.sys_delete_elem(&index), "delete", index);
		break;
	default:
		compare(there_.next_key(&index, &kernel), map.get_next_key(&index, &here), "next key", index);
		compare(kernel, here, "key after", index);
		if (random_() % 200 == 0)
			compare(there_.freeze(), map.freeze(), "freeze", index);
	}
	lookup(index);
}

void prog_array_lockstep::run(unsigned calls) {
	for (unsigned call = 0; call != calls; ++call)
		step();
}

} // namespace maps_diff
