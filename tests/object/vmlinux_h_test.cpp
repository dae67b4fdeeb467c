// SPDX-License-Identifier: MIT
// What the vmlinux.h of this library has for programs beside types: constants, with the values of the UAPI.
#include <linux/bpf.h>

#include <gtest/gtest.h>

#include <sockops/object/vmlinux_h.hpp>

namespace {

/// "NAME = 2," or the last of its enumeration.
bool has_constant(const std::string& header, const std::string& name, long value) {
	const std::string line = "\t" + name + " = " + std::to_string(value);
	return header.find(line + ",\n") != header.npos || header.find(line + "\n") != header.npos;
}

TEST(vmlinux_h, has_what_programs_return) {
	const std::string header = sockops::vmlinux_h();
	EXPECT_TRUE(has_constant(header, "BPF_OK", BPF_OK));
	EXPECT_TRUE(has_constant(header, "BPF_DROP", BPF_DROP));
	EXPECT_TRUE(has_constant(header, "BPF_REDIRECT", BPF_REDIRECT));
	EXPECT_TRUE(has_constant(header, "BPF_LWT_REROUTE", BPF_LWT_REROUTE));
	EXPECT_TRUE(has_constant(header, "SK_PASS", SK_PASS));
}

} // namespace
