// SPDX-License-Identifier: MIT
// object_test by the machine's own code: the same test by one word, in the test or in the environment.

#include <cstdlib>

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/matchers.hpp>
#include <sockops/testing/object_test.hpp>

#include "message_of.hpp"

namespace {

using namespace sockops;
using namespace sockops::testing;
using ::testing::HasSubstr;

/// A variable of the environment, as long as it lives.
struct with_environment {
	explicit with_environment(const char* value) { ::setenv("SOCKOPS_NATIVE", value, 1); }
	~with_environment() { ::unsetenv("SOCKOPS_NATIVE"); }
};

bool runs_natively(const object_options& with = {}) {
	object_test test(KIT_OBJECT, {}, with);
	return test.object().is_native();
}

struct either_form : ::testing::TestWithParam<program_form>, object_test {
	either_form() : object_test(KIT_OBJECT, {}, {.form = GetParam()}) {}
};
INSTANTIATE_TEST_SUITE_P(forms, either_form,
						 ::testing::Values(program_form::interpreted, program_form::native),
						 [](const auto& form) {
							 return form.param == program_form::native ? "native" : "interpreted";
						 });

TEST_P(either_form, sees_the_same_of_a_socket) {
	attach("/", "kit");
	tcp_sock& sk =
		socket({.state = TCP_SYN_SENT, .local_port = 4000, .remote_ip = "10.1.2.3", .remote_port = 80});
	EXPECT_THAT(fire(BPF_SOCK_OPS_RWND_INIT, sk), Replies(10));
	const typed_value seen = map("seen_in")[BPF_SOCK_OPS_RWND_INIT];
	EXPECT_EQ(seen["local_port"], 4000);
	EXPECT_EQ(seen["remote_port"], 80);
	EXPECT_EQ(seen["remote_ip4"], 0x0302010a);
}

TEST(object_test_form, is_what_the_options_say_or_else_the_environment) {
	EXPECT_FALSE(runs_natively());
	EXPECT_TRUE(runs_natively({.form = program_form::native}));
	{
		const with_environment set("1");
		EXPECT_TRUE(runs_natively());
		EXPECT_FALSE(runs_natively({.form = program_form::interpreted}));
	}
	const with_environment set("0");
	EXPECT_FALSE(runs_natively());
}

TEST(object_test_form, of_the_environment_is_a_1_or_a_0) {
	const with_environment set("yes");
	EXPECT_EQ(message_of([] { (void)runs_natively(); }),
			  "SOCKOPS_NATIVE=yes: 1 runs programs natively, 0 or nothing interprets them");
}

TEST(object_test_form, may_differ_from_object_to_object) {
	object_test both({{.file = KIT_OBJECT, .name = "a", .form = program_form::native},
					  {.file = KIT_OBJECT, .cgroup = "/web", .name = "b"}});
	EXPECT_TRUE(both.object("a").is_native());
	EXPECT_FALSE(both.object("b").is_native());
	both.attach("/", "a:kit");
	both.attach("/web", "b:kit");
	EXPECT_THAT(both.fire(BPF_SOCK_OPS_RWND_INIT, both.socket({.state = TCP_SYN_SENT, .cgroup = "/web"})),
				Replies(10));
	EXPECT_EQ(both.map("a:seen_in").size(), 1u);
	EXPECT_EQ(both.map("b:seen_in").size(), 1u);
}

TEST(object_test_form, refuses_and_tells_natively_too_of_a_pointer_that_is_followed) {
	EXPECT_THAT(
		message_of([] { object_test(NATIVE_STOPPED_OBJECT, {}, {.form = program_form::native}).attach(); }),
		HasSubstr("may be NULL\n  remedy: "));
	object_test on(NATIVE_STOPPED_OBJECT, {}, {.form = program_form::native, .unchecked = true});
	on.attach();
	tcp_sock& sk = on.socket({.state = TCP_SYN_SENT});
	EXPECT_DEATH(on.fire(BPF_SOCK_OPS_TCP_CONNECT_CB, sk), // the second is AddressSanitizer's
				 "SIGSEGV at address [^:]*: stopped.. at .*stopped.bpf.c:22|SEGV on unknown address");
}

TEST(object_test_form, names_the_remedy_where_nothing_of_that_name_is_linked) {
	EXPECT_THAT(
		message_of([] { object_test test("elsewhere/tune.bpf.o", {}, {.form = program_form::native}); }),
		HasSubstr(
			"no native program 'tune' is linked; there are kit, stopped: sockops_native_program() makes one, "
			"target_link_libraries() links it"));
}

} // namespace
