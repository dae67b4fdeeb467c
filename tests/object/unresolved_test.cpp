// SPDX-License-Identifier: MIT
// What CO-RE found no answer for: a notice when the object is loaded, and where a run comes to it, its end.
#include <sockops/testing/program_output.hpp>
#include <sockops/vm/fault.hpp>

#include "support.hpp"

namespace {

using namespace sockops;

const char hint[] = "; bpf_core_field_exists() and its kin tell a program so before it asks";

/// Faults are looked at, not printed.
struct unresolved : ::testing::Test {
	object_world on;
	sockops::testing::program_output not_printed{on.in};

	std::string fault_of(const bpf_object& object) {
		on.fire(object.prog());
		return bpf_prog_last_fault(*object.prog().get());
	}
};

TEST_F(unresolved, a_member_is_named_with_its_type_and_line_where_a_run_comes_to_it) {
	const bpf_object object = bpf_object::load_file(FILE_MISSING_OBJECT);
	const std::string what =
		std::string(
			"missing: instruction 6 (missing.bpf.c:19, 'return tp && tp->reordering + skops->op == 3;'): "
			"CO-RE: struct tcp_sock has no member 'reordering' here") +
		hint;
	EXPECT_EQ(object.notices().back(), what + ". A run that comes there is stopped");
	EXPECT_EQ(fault_of(object), what);
}
TEST_F(unresolved, a_member_is_found_in_subprograms_too) {
	const bpf_object object = bpf_object::load_file(FILE_MISSING_BELOW_OBJECT);
	EXPECT_EQ(fault_of(object),
			  std::string(
				  "missing_below: instruction 14 (missing_below.bpf.c:15, 'return tp->reordering + more;'): "
				  "CO-RE: struct tcp_sock has no member 'reordering' here") +
				  hint);
}
TEST_F(unresolved, a_run_that_does_not_come_there_is_like_any_other) {
	bpf_object object = bpf_object::load_file(FILE_MISSING_BEHIND_OBJECT);
	EXPECT_EQ(on.fire(object.prog(), BPF_SOCK_OPS_TCP_CONNECT_CB), 0);
	EXPECT_EQ(object.global("seen").as<u32>(), 1u);
	EXPECT_EQ(bpf_prog_faults(*object.prog().get()), 0u);
	EXPECT_EQ(on.fire(object.prog(), BPF_SOCK_OPS_RTT_CB), -1) << "a program that is stopped denies";
	EXPECT_EQ(bpf_prog_faults(*object.prog().get()), 1u);
	EXPECT_EQ(object.global("seen").as<u32>(), 1u);
}
TEST_F(unresolved, enumerators_and_types_are_named) {
	EXPECT_NE(fault_of(bpf_object::load_file(FILE_MISSING_VALUE_OBJECT))
				  .find("CO-RE: enum tcp_ca_state has no value 'TCP_CA_Unheard_of' here"),
			  std::string::npos);
	EXPECT_NE(fault_of(bpf_object::load_file(FILE_MISSING_TYPE_OBJECT))
				  .find("CO-RE: there is no struct sock_reuseport here"),
			  std::string::npos);
}
TEST_F(unresolved, what_a_program_asks_for_in_vain_is_told_once_each) {
	const object_options with{.kconfig = {{"CONFIG_NO_SUCH_OPTION", "0"}}};
	const std::vector<std::string> said = texts_of(bpf_object::load_file(FILE_CORE_OBJECT, with).notices());
	const std::string no = " is 0: not in this library";
	EXPECT_EQ(said, (std::vector<std::string>{
						"CO-RE: bpf_core_field_exists(struct tcp_sock.inet_conn.icsk_ca_state)" + no,
						"CO-RE: bpf_core_field_exists(struct tcp_sock.reordering)" + no,
						"CO-RE: bpf_core_enum_value_exists(enum tcp_ca_state___mine, "
						"TCP_CA_No_such_state___mine)" +
							no}));
}

TEST_F(unresolved, a_plain_type_that_is_not_known_is_taken_as_the_object_has_it) {
	bpf_object object = bpf_object::load_file(FILE_PLAIN_TYPES_OBJECT);
	EXPECT_EQ(object.notices().front(), "CO-RE: struct lane is taken as the object declares it: this "
										"library does not know it");
	EXPECT_EQ(on.fire(object.prog()), 0);
	EXPECT_EQ(object.global("cars").as<u32>(), 7u);
	EXPECT_EQ(object.global("has_other").as<u32>(), 0u) << "struct road___other: a flavour is a question";
	EXPECT_EQ(object.global("port").as<u32>(), 443u)
		<< "struct tcphdr, which is known, has another order there";
}

} // namespace
