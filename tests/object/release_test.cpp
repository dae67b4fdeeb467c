// SPDX-License-Identifier: MIT
// Objects for another release than the one that is modelled.
#include <gmock/gmock.h>

#include <sockops/object/object_set.hpp>

#include "support.hpp"

namespace {

using namespace sockops;
using testing::HasSubstr;
using testing::Not;

std::string refused(const char* file, kernel_release kernel) {
	return error_of([&] { (void)bpf_object::load_file(file, {.kernel = kernel}); });
}

struct answers {
	u32 version, length, option_error, has_ringbuf, has_pid, iterators;
	bool operator==(const answers&) const = default;
};

answers answers_of(kernel_release kernel) {
	object_world on;
	bpf_object object = bpf_object::load_file(FILE_RELEASE_OBJECT, {.kernel = kernel});
	on.fire(object.prog());
	const auto seen = [&](const char* name) { return object.global(name).as<u32>(); };
	return {seen("version"),     seen("length"),  seen("option_error"),
			seen("has_ringbuf"), seen("has_pid"), seen("iterators")};
}

TEST(object_release, answers_a_program_that_asks) {
	constexpr u32 no_header = EPERM; // the op has none
	EXPECT_EQ(answers_of(release(5, 2)), (answers{0x50200, 0, 0, 0, 1, 0}));
	EXPECT_EQ(answers_of(release(5, 9)), (answers{0x50900, 0, 0, 1, 1, 0}));
	EXPECT_EQ(answers_of(release(5, 10)), (answers{0x50a00, 1, no_header, 1, 1, 0}));
	EXPECT_EQ(answers_of(release(6, 3)), (answers{0x60300, 1, no_header, 1, 1, 0}));
	EXPECT_EQ(answers_of(release(6, 4)), (answers{0x60400, 1, no_header, 1, 1, 1}));
	EXPECT_EQ(answers_of(modelled_release), (answers{0x61200, 1, no_header, 1, 1, 1}));
}

TEST(object_release, says_what_it_answered) {
	const bpf_object object = bpf_object::load_file(FILE_RELEASE_OBJECT, {.kernel = release(5, 4)});
	for (const char* const notice :
		 {"CO-RE: bpf_core_field_exists(struct bpf_sock_ops.skb_len) is 0 in 5.4",
		  "CO-RE: bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_load_hdr_opt) is 0 in 5.4"})
		EXPECT_THAT(texts_of(object.notices()), testing::Contains(notice));
	const bpf_object later = bpf_object::load_file(FILE_RELEASE_OBJECT, {.kernel = release(5, 10)});
	for (const std::string& notice : texts_of(later.notices()))
		EXPECT_THAT(notice, Not(HasSubstr("is 0 in")));
}

TEST(object_release, refuses_a_program_that_does_not_ask) {
	EXPECT_EQ(refused(FILE_RELEASE_UNGUARDED_OBJECT, release(5, 10)), "");
	const std::string why = refused(FILE_RELEASE_UNGUARDED_OBJECT, release(5, 9));
	EXPECT_THAT(why, HasSubstr("release.bpf.c:"));
	EXPECT_THAT(why,
				HasSubstr("bpf_load_hdr_opt() is for SOCK_OPS programs since Linux 5.10; --kernel asks for "
						  "5.9\n  remedy: keep it behind a const volatile variable"));
}

TEST(object_release, refuses_maps_by_type_and_flag) {
	EXPECT_EQ(refused(FILE_RELEASE_RECORDS_OBJECT, release(5, 8)), "");
	EXPECT_THAT(
		refused(FILE_RELEASE_RECORDS_OBJECT, release(5, 7)),
		HasSubstr("map 'records': BPF_MAP_TYPE_RINGBUF is there since Linux 5.8; --kernel asks for 5.7: "
				  "ask for 5.8 or later, or declare it of an older type"));
	EXPECT_EQ(refused(FILE_RELEASE_CLONED_OBJECT, release(5, 4)), "");
	EXPECT_THAT(
		refused(FILE_RELEASE_CLONED_OBJECT, release(5, 3)),
		HasSubstr("map 'since': BPF_F_CLONE is there since Linux 5.4; --kernel asks for 5.3: ask for 5.4 or "
				  "later, or leave it out"));
}

TEST(object_release, refuses_global_variables_and_takes_flags_that_libbpf_leaves_out) {
	EXPECT_EQ(refused(FILE_RELEASE_OBJECT, release(5, 4)), "") << "libbpf leaves out BPF_F_MMAPABLE, of 5.5";
	EXPECT_THAT(refused(FILE_RELEASE_OBJECT, release(5, 1)),
				HasSubstr("global variables are there since Linux 5.2; --kernel asks for 5.1"));
}

/// "" or why one program, or two, cannot be attached there.
std::string attached(const std::vector<std::string>& cgroups, kernel_release kernel) {
	object_set all;
	for (const std::string& each : cgroups)
		all.add(bpf_object::open_file(FILE_RELEASE_PLAIN_OBJECT, {.kernel = kernel}), each);
	all.load();
	const cgroup_root world;
	return error_of([&] { (void)all.attach(world); });
}

TEST(object_release, attaches_one_program_for_a_socket_before_there_was_a_flag_for_several) {
	EXPECT_EQ(attached({"/"}, first_release), "");
	EXPECT_EQ(attached({"/web", "/db"}, first_release), "");
	EXPECT_EQ(attached({"/web", "/webs"}, first_release), "");
	for (const std::vector<std::string>& both :
		 {std::vector<std::string>{"/", "/web"}, {"/web", "/"}, {"/web", "/web"}, {"/web/api", "/web"}}) {
		EXPECT_THAT(
			attached(both, release(4, 14)),
			HasSubstr("need BPF_F_ALLOW_MULTI, which is there since Linux 4.15; --kernel asks for 4.14: "
					  "attach one"));
		EXPECT_EQ(attached(both, release(4, 15)), "");
	}
}

TEST(object_release, is_one_that_there_was) {
	for (const kernel_release which : {release(4, 12), release(5, 20), release(6, 19)})
		EXPECT_THAT(
			refused(FILE_RELEASE_RECORDS_OBJECT, which),
			HasSubstr("object_options::kernel is " + std::to_string(major_of(which)) + "." +
					  std::to_string(minor_of(which)) +
					  ": a release is MAJOR.MINOR, from 4.13, the first with sock_ops programs, to 6.18"));
}

} // namespace
