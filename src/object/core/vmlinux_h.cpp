// SPDX-License-Identifier: MIT
#include <sockops/object/vmlinux_h.hpp>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <new>

#include "core_btf.hpp"
#include "shuffled_types.hpp"

namespace sockops {

using namespace object;

namespace {

constexpr const char* begin_of_header = R"(#ifndef __VMLINUX_H__
#define __VMLINUX_H__

/* The kernel's types as far as libsockops knows them. Their members are where a kernel has them: CO-RE. */

#if defined(__bpf__) && !defined(BPF_NO_PRESERVE_ACCESS_INDEX)
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
#endif

)";
constexpr const char* end_of_header = R"(#if defined(__bpf__) && !defined(BPF_NO_PRESERVE_ACCESS_INDEX)
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
)";

void append(void* to, const char* format, va_list arguments) {
	char text[1024];
	const int length = std::vsnprintf(text, sizeof text, format, arguments);
	if (length > 0)
		static_cast<std::string*>(to)->append(
			text, std::min<std::size_t>(static_cast<std::size_t>(length), sizeof text - 1));
}

using owned_dump = std::unique_ptr<::btf_dump, void (*)(::btf_dump*)>;

} // namespace

std::string vmlinux_h(std::optional<u64> shuffle) {
	const std::span<const std::byte> data = core_btf_data();
	btf_ptr types = parse_btf(data.data(), static_cast<u32>(data.size()));
	if (types && shuffle)
		types = shuffled_types(*types, *shuffle);
	std::string text = begin_of_header;
	const owned_dump dump(types ? libbpf::btf_dump_new(types.get(), append, &text, nullptr) : nullptr,
						  libbpf::btf_dump_free);
	if (!dump)
		throw std::bad_alloc();
	for (u32 id = 1; id < libbpf::btf_type_cnt(types.get()); ++id)
		libbpf::btf_dump_type(dump.get(), id);
	return text + end_of_header;
}

} // namespace sockops
