// SPDX-License-Identifier: MIT
// extern … __kconfig: the HZ of the net that a program is for, the release that is modelled, and what the
// caller says of the rest.
#include <zlib.h>

#include <cstdlib>
#include <fstream>

#include <sockops/hook/default_hook.hpp>

#include "support.hpp"

namespace {

using namespace sockops;

const kconfig enough{{"CONFIG_BPF_SYSCALL", "y"},
					 {"CONFIG_IPV6", "m"},
					 {"CONFIG_CGROUP_BPF", "y"},
					 {"CONFIG_NR_CPUS", "0x40"},
					 {"CONFIG_DEFAULT_HOSTNAME", "(none)"}};

std::string load_error(const char* path, const object_options& with) {
	return error_of([&] { (void)bpf_object::load_file(path, with); });
}

TEST(kconfig, each_kind_of_variable_has_its_value) {
	object_world on;
	bpf_object object = bpf_object::load_file(FILE_KCONFIG_OBJECT, {.kconfig = enough});
	on.fire(object.prog());
	EXPECT_EQ(object.global("version"), (6 << 16) + (18 << 8));
	EXPECT_EQ(object.global("hz"), 250);
	EXPECT_EQ(object.global("bpf_syscall"), 1);
	EXPECT_EQ(object.global("ipv6"), 2) << "TRI_MODULE";
	EXPECT_EQ(object.global("cgroup_bpf"), 'y');
	EXPECT_EQ(object.global("cpus"), 64);
	EXPECT_EQ(object.global("host").string(), "(none)");
	EXPECT_EQ(object.global("nothing"), 0) << "__weak";
	EXPECT_EQ(object.global("cookie"), 1);
	EXPECT_EQ(object.global("wrapper"), 1);
	EXPECT_EQ(object.global("something_new"), 0) << "LINUX_, which libbpf does not know, and __weak";
}

TEST(kconfig, hz_is_that_of_the_net) {
	net_profile profile;
	profile.hz = 1000;
	net in(profile);
	const cgroup_root root;
	scoped_tcp_sock sk(in, *root);
	const bpf_object object = bpf_object::load_file(FILE_KCONFIG_HZ_OBJECT, {.hz = in.profile.hz});
	const bpf_link link(*root, object.prog());
	EXPECT_EQ(tcp_timeout_init(&sk), 100u) << "100 ms";
}

TEST(kconfig, hz_of_the_caller_goes_before_it) {
	bpf_object object =
		bpf_object::load_file(FILE_KCONFIG_HZ_OBJECT, {.hz = 1000, .kconfig = {{"CONFIG_HZ", "300"}}});
	EXPECT_EQ(object.global("CONFIG_HZ"), 300) << "and can be read";
	EXPECT_EQ(error_of([&] { object.global("CONFIG_HZ").set(1); }),
			  "a value that may not be written: a copy, or a variable of .rodata after load()");
}

TEST(kconfig, a_variable_without_a_value_is_named_with_the_remedy) {
	kconfig less = enough;
	less.erase("CONFIG_NR_CPUS");
	const std::string said = load_error(FILE_KCONFIG_OBJECT, {.kconfig = less});
	EXPECT_EQ(
		said,
		"file_kconfig.bpf.o: 'CONFIG_NR_CPUS' (__kconfig) has no value; this library has no kernel's "
		"configuration: say it with object_options::kconfig, {\"CONFIG_NR_CPUS\", \"y\"}, or sockops-run "
		"--kconfig CONFIG_NR_CPUS=y, as the .config of the kernel has it");
}

TEST(kconfig, a_weak_one_without_a_value_is_zero_and_told) {
	const bpf_object object = bpf_object::load_file(FILE_KCONFIG_OBJECT, {.kconfig = enough});
	ASSERT_EQ(object.notices().size(), 1u);
	EXPECT_TRUE(object.notices()[0].text.starts_with(
		"'CONFIG_NO_SUCH_THING' (__kconfig __weak) is 0, as if the kernel had it not; "))
		<< object.notices()[0];
	kconfig more = enough;
	more["CONFIG_NO_SUCH_THING"] = "11";
	object_world on;
	bpf_object with_it = bpf_object::load_file(FILE_KCONFIG_OBJECT, {.kconfig = more});
	EXPECT_EQ(with_it.notices(), std::vector<object_notice>{});
	on.fire(with_it.prog());
	EXPECT_EQ(with_it.global("nothing"), 11);
}

TEST(kconfig, a_value_of_another_kind_is_told) {
	kconfig wrong = enough;
	wrong["CONFIG_NR_CPUS"] = "many";
	EXPECT_NE(load_error(FILE_KCONFIG_OBJECT, {.kconfig = wrong}).find("'CONFIG_NR_CPUS'"),
			  std::string::npos);
	wrong["CONFIG_NR_CPUS"] = "64\nCONFIG_HZ=1";
	EXPECT_NE(load_error(FILE_KCONFIG_OBJECT, {.kconfig = wrong})
				  .find("an option is CONFIG_NAME=VALUE, with a value of one line"),
			  std::string::npos);
	EXPECT_NE(load_error(FILE_KCONFIG_OBJECT, {.kconfig = {{"HZ", "1"}}}).find("'HZ=1'"), std::string::npos);
}

TEST(kconfig, a_text_longer_than_the_variable_is_cut) {
	object_world on;
	kconfig longer = enough;
	longer["CONFIG_DEFAULT_HOSTNAME"] = "\"a name of twenty\"";
	bpf_object object = bpf_object::load_file(FILE_KCONFIG_OBJECT, {.kconfig = longer});
	on.fire(object.prog());
	EXPECT_EQ(object.global("host").string(), "a name of t");
}

TEST(kconfig, a_whole_file_is_read_packed_or_not) {
	const kconfig expected{{"CONFIG_HZ", "100"}, {"CONFIG_NAME", "\"a = b\""}, {"CONFIG_IPV6", "y"}};
	const std::string text =
		"#\n# Linux/x86 6.18.0\n#\nCONFIG_HZ=100\n\n# CONFIG_SMP is not set\nCONFIG_NAME=\"a = b\"\r\n"
		"CONFIG_IPV6=y";
	EXPECT_EQ(parse_kconfig(text, "config"), expected);
	const std::string path = testing::TempDir() + "sockops_kconfig";
	std::ofstream(path) << text;
	EXPECT_EQ(read_kconfig(path), expected);
	const ::gzFile packed = ::gzopen(path.c_str(), "wb");
	::gzwrite(packed, text.data(), static_cast<unsigned>(text.size()));
	::gzclose(packed);
	EXPECT_EQ(read_kconfig(path), expected);
	std::remove(path.c_str());
	EXPECT_EQ(error_of([&] { (void)read_kconfig(path); }),
			  path + ": it cannot be read: No such file or directory");
	EXPECT_EQ(error_of([&] { (void)parse_kconfig("CONFIG_A=y\nnothing\n", "config"); }).substr(0, 9),
			  "config:2:");
}

} // namespace
