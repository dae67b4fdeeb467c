// SPDX-License-Identifier: MIT
#include "kernel_header.hpp"

#include <cstdarg>
#include <cstdio>
#include <memory>

#include <bpf/btf.h>

namespace three_ways {

namespace {

void append(void* to, const char* format, va_list arguments) {
	char text[1024];
	std::vsnprintf(text, sizeof text, format, arguments);
	*static_cast<std::string*>(to) += text;
}

} // namespace

std::string vmlinux_h_of(const std::string& path) {
	const std::unique_ptr<::btf, void (*)(::btf*)> types(::btf__parse(path.c_str(), nullptr), ::btf__free);
	if (!types)
		return {};
	std::string text =
		"#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n"
		"#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)\n";
	const std::unique_ptr<::btf_dump, void (*)(::btf_dump*)> dump(
		::btf_dump__new(types.get(), append, &text, nullptr), ::btf_dump__free);
	for (__u32 id = 1; dump && id < ::btf__type_cnt(types.get()); ++id)
		::btf_dump__dump_type(dump.get(), id);
	return text + "#pragma clang attribute pop\n#endif\n";
}

} // namespace three_ways
