// SPDX-License-Identifier: MIT
// What notices say of a loader, asked of one: the ordinary libbpf of this machine, and its kernel.
#include <algorithm>

#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <sockops/object/kconfig.hpp>

#include "support.hpp"

namespace sockops { // libbpf has a bpf_object, too
namespace {

/// 0, or -errno of what opening or loading says.
int by_libbpf(const char* path, ::bpf_object** loaded = nullptr) {
	const auto quiet = ::libbpf_set_print(nullptr);
	::bpf_object* const opened = ::bpf_object__open(path);
	int result = opened ? 0 : -errno;
	if (opened)
		result = ::bpf_object__load(opened);
	::libbpf_set_print(quiet);
	if (loaded && result == 0)
		*loaded = opened;
	else
		::bpf_object__close(opened);
	return result;
}

struct loader : testing::Test {
	void SetUp() override {
		if (::geteuid() != 0 || by_libbpf(FILE_REFUSED_OBJECT) == -EPERM ||
			by_libbpf(FILE_CORE_OBJECT) == -EPERM)
			GTEST_SKIP() << "bpf(2) may not be called here";
		if (::access("/sys/kernel/btf/vmlinux", R_OK) != 0)
			GTEST_SKIP() << "the kernel's types cannot be read: no /sys/kernel/btf/vmlinux";
	}
};

TEST_F(loader, refuses_what_notices_say_it_refuses) {
	EXPECT_EQ(by_libbpf(FILE_UNKNOWN_SECTION_OBJECT), -EINVAL);
	EXPECT_EQ(by_libbpf(FILE_MIXED_OBJECT), -EINVAL) << "section 'sockops/entry'";
	EXPECT_EQ(by_libbpf(FILE_BOTH_KINDS_OF_MAPS_OBJECT), -ENOTSUP);
	EXPECT_EQ(by_libbpf(FILE_LENIENT_MAPS_OBJECT), -EINVAL);
}

TEST_F(loader, loads_what_has_no_types_and_what_needs_a_filter) {
	EXPECT_EQ(by_libbpf(FILE_GLOBALS_WITHOUT_TYPES_OBJECT), 0);
	EXPECT_EQ(by_libbpf(FILE_NEEDS_FILTER_OBJECT), 0);
	EXPECT_EQ(by_libbpf(FILE_KCONFIG_HZ_OBJECT), 0);
}

struct closed_object {
	~closed_object() { ::bpf_object__close(object); }
	::bpf_object* object = nullptr;
};

TEST_F(loader, gives_variables_of_kconfig_the_same_values) {
	if (::access("/proc/config.gz", R_OK) != 0)
		GTEST_SKIP() << "the kernel does not tell its configuration";
	closed_object theirs;
	ASSERT_EQ(by_libbpf(FILE_KCONFIG_OBJECT, &theirs.object), 0);
	const bpf_object ours =
		bpf_object::load_file(FILE_KCONFIG_OBJECT, {.kconfig = read_kconfig("/proc/config.gz")});
	const ::bpf_map* map = nullptr;
	do
		map = ::bpf_object__next_map(theirs.object, map);
	while (map && !std::string_view(::bpf_map__name(map)).ends_with(".kconfig"));
	ASSERT_NE(map, nullptr);
	std::vector<std::byte> values(::bpf_map__value_size(map));
	const u32 key = 0;
	ASSERT_EQ(::bpf_map_lookup_elem(::bpf_map__fd(map), &key, values.data()), 0);
	const ::btf* const types = ::bpf_object__btf(theirs.object);
	const ::btf_type* const section = ::btf__type_by_id(types, ::bpf_map__btf_value_type_id(map));
	bpf_object& readable = const_cast<bpf_object&>(ours);
	u32 compared = 0;
	for (u32 i = 0; i != ::btf_vlen(section); ++i) {
		const ::btf_var_secinfo& place = ::btf_var_secinfos(section)[i];
		const std::string name = ::btf__name_by_offset(types, ::btf__type_by_id(types, place.type)->name_off);
		// This machine's kernel may be a later 6.18, or another; and have no kprobes, by which libbpf asks.
		if (name == "LINUX_KERNEL_VERSION" || name == "LINUX_HAS_SYSCALL_WRAPPER")
			continue;
		const auto own = readable.global(name).bytes();
		const std::span kernels(values.data() + place.offset, place.size);
		EXPECT_TRUE(std::ranges::equal(own, kernels)) << name << " is " << readable.global(name).text();
		++compared;
	}
	EXPECT_EQ(compared, 9u);
}

} // namespace
} // namespace sockops
