// SPDX-License-Identifier: MIT
#include "kernel_btf.hpp"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>

namespace kernel_diff {
namespace {

using u32 = std::uint32_t;

struct btf_record {
	u32 kind, id, type; ///< type: the third word
	const char* name;
};

std::vector<char> content() {
	std::ifstream file("/sys/kernel/btf/vmlinux", std::ios::binary);
	return {std::istreambuf_iterator<char>(file), {}};
}

/// Calls each(record) for every type, in order.
template <class Each>
void for_types(const std::vector<char>& all, Each each) {
	const auto word = [&](std::size_t at) {
		u32 value = 0;
		if (at + sizeof value <= all.size())
			std::memcpy(&value, all.data() + at, sizeof value);
		return value;
	};
	if (all.size() < 24)
		return;
	const std::size_t types = word(4) + word(8), end = types + word(12), names = word(4) + word(16);
	// What follows the three words of a type, by its kind: bytes, and bytes for each member.
	constexpr u32 fixed[] = {0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};
	constexpr u32 member[] = {0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12};
	u32 id = 1;
	for (std::size_t at = types; at < end; ++id) {
		const u32 info = word(at + 4), kind = info >> 24 & 0x1f;
		if (kind >= std::size(fixed))
			return;
		each(btf_record{kind, id, word(at + 8), all.data() + names + word(at)});
		at += 12 + fixed[kind] + member[kind] * (info & 0xffff);
	}
}

struct functions {
	std::vector<kernel_function> all, kfuncs;

	functions() {
		constexpr u32 func = 12, decl_tag = 17;
		const std::vector<char> btf = content();
		std::vector<u32> tagged;
		for_types(btf, [&](const btf_record& each) {
			if (each.kind == func)
				all.push_back({each.name, static_cast<int>(each.id)});
			else if (each.kind == decl_tag && std::string_view(each.name) == "bpf_kfunc")
				tagged.push_back(each.type);
		});
		for (const u32 id : tagged)
			for (const kernel_function& each : all)
				if (each.id == static_cast<int>(id))
					kfuncs.push_back(each);
	}
};

const functions& all_functions() {
	static const functions read;
	return read;
}

} // namespace

const std::vector<kernel_function>& kernel_kfuncs() { return all_functions().kfuncs; }

int btf_func(std::string_view wanted) {
	for (const kernel_function& each : all_functions().all)
		if (each.name == wanted)
			return each.id;
	return 0;
}

} // namespace kernel_diff
