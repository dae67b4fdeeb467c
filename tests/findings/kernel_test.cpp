// SPDX-License-Identifier: MIT
// A kernel takes all programs here, as it lets root read what nobody wrote: what is found is found of
// programs that run.
#include <algorithm>

#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>

namespace {

/// 0, or -errno.
int load(const std::string& path) {
	::bpf_object* const object = ::bpf_object__open(path.c_str());
	const int result = object ? ::bpf_object__load(object) : -errno;
	::bpf_object__close(object);
	return result;
}

struct kernel : testing::Test {
	kernel() { ::libbpf_set_print(nullptr); }
	void SetUp() override {
		if (::geteuid() != 0 || load(FINDINGS_OBJECTS "/written_frame_O2.bpf.o") == -EPERM)
			GTEST_SKIP() << "bpf(2) may not be called here: root may, with CAP_BPF and CAP_NET_ADMIN";
	}
};

TEST_F(kernel, takes_each_program_that_has_a_finding_and_its_twin) {
	unsigned taken = 0;
	for (const std::string source : {SOURCES})
		for (const char* const form : {"planted_", "written_"})
			for (const char* const level : {"_O1", "_O2"}) {
				const std::string path = std::string(FINDINGS_OBJECTS "/") + form + source + level + ".bpf.o";
				EXPECT_EQ(load(path), 0) << path;
				++taken;
			}
	EXPECT_EQ(taken, 48u);
}

} // namespace
