// SPDX-License-Identifier: MIT
// What stands in a file beside sock_ops programs is left out and told; only a program that needs it is
// refused.
#include <sockops/map/prog_array.hpp>

#include "support.hpp"

namespace {

using namespace sockops;

TEST(beside_sock_ops, other_programs_and_all_that_only_they_need_is_left_out) {
	object_world on;
	bpf_object object = bpf_object::load_file(FILE_BESIDE_OBJECT);
	EXPECT_EQ(object.prog_names(), std::vector<std::string>{"ours"});
	EXPECT_EQ(object.map_names(), std::vector<std::string>{"xdp_steps"});
	on.fire(object.prog(), BPF_SOCK_OPS_RTT_CB);
	EXPECT_EQ(object.global("calls"), BPF_SOCK_OPS_RTT_CB + 1);
}

TEST(beside_sock_ops, each_thing_that_is_left_out_is_told_by_its_type) {
	const bpf_object object = bpf_object::load_file(FILE_BESIDE_OBJECT);
	const std::pair<const char*, const char*> programs[] = {
		{"pass in section 'xdp'", "XDP"},
		{"classify in section 'tc'", "SCHED_CLS"},
		{"classify_more in section 'tcx/ingress'", "SCHED_CLS"},
		{"message in section 'sk_msg'", "SK_MSG"},
		{"verdict in section 'sk_skb/stream_verdict'", "SK_SKB"},
		{"connecting in section 'cgroup/connect4'", "CGROUP_SOCK_ADDR"},
		{"leaving in section 'cgroup_skb/egress'", "CGROUP_SKB"},
		{"probe in section 'kprobe/no_such_function'", "KPROBE"},
		{"enter in section 'fentry/no_such_function'", "TRACING"},
		{"modify in section 'fmod_ret/no_such_function'", "TRACING"},
		{"replace in section 'freplace/no_such_program'", "EXT"},
		{"hook in section 'lsm/no_such_hook'", "LSM"},
		{"iterate in section 'iter/no_such_iterator'", "TRACING"},
		{"trace in section 'tp_btf/no_such_tracepoint'", "TRACING"},
		{"raw in section 'raw_tp/no_such_tracepoint'", "RAW_TRACEPOINT"},
		{"call in section 'syscall'", "SYSCALL"},
		{"filter in section 'netfilter'", "NETFILTER"},
		{"quiet_ssthresh in section 'struct_ops/quiet_ssthresh'", "STRUCT_OPS"}};
	for (const auto& [program, type] : programs)
		EXPECT_TRUE(has_notice(object, std::string(program) + " is of type " + type +
										   ", no sock_ops program: left out; a loader would load it too"))
			<< program;
	for (const char* const program :
		 {"unheard_of in section 'no_loader/knows'", "only_of_tail_calls in section 'xdp/steps'"})
		EXPECT_TRUE(has_notice(object, std::string(program) +
										   " is left out: libbpf knows no such section and refuses the "
										   "whole object (EINVAL); one of sock_ops programs is named "
										   "'sockops'"))
			<< program;
	for (const char* const thing : {"quiet in section '.struct_ops'", "linked in section '.struct_ops.link'"})
		EXPECT_TRUE(has_notice(object, std::string(thing) +
										   " is struct_ops: left out; a loader would make it known to the "
										   "kernel, and here nothing of it is"));
	for (const char* const map : {"'map_of_maps' is of type HASH_OF_MAPS (13)",
								  "'stacks' is of type STACK_TRACE (7)", "'arena' is of type ARENA (33)"})
		EXPECT_TRUE(has_notice(object, std::string("map ") + map +
										   ", which this library has not: left out; a loader would make it"));
}

TEST(beside_sock_ops, a_prog_array_of_other_programs_is_empty) {
	const bpf_object object = bpf_object::load_file(FILE_BESIDE_OBJECT);
	EXPECT_EQ(object.map("xdp_steps").map().attr.map_type, BPF_MAP_TYPE_PROG_ARRAY);
	EXPECT_EQ(object.map("xdp_steps").size(), 0u);
}

TEST(beside_sock_ops, a_map_that_was_left_out_is_named_with_its_type) {
	const bpf_object object = bpf_object::load_file(FILE_BESIDE_OBJECT);
	EXPECT_EQ(
		error_of([&] { (void)object.map("arena"); }),
		"file_beside.bpf.o: map 'arena' is of type ARENA, which this library has not, and was left out: "
		"it has xdp_steps");
	EXPECT_EQ(error_of([&] { (void)object.map("areena"); }),
			  "file_beside.bpf.o: no map 'areena': it has xdp_steps");
}

TEST(beside_sock_ops, sections_that_are_nearly_right_are_told) {
	object_world on;
	bpf_object object = bpf_object::load_file(FILE_UNKNOWN_SECTION_OBJECT);
	EXPECT_EQ(object.prog_names(), std::vector<std::string>{"known"});
	for (const char* const program : {"suffixed in section 'sockops_two'", "sleepable in section 'sockops.s'",
									  "of_a_cgroup in section 'cgroup/sock_ops'"})
		EXPECT_TRUE(has_notice(object, std::string(program) +
										   " is left out: libbpf knows no such section and refuses the "
										   "whole object (EINVAL); one of sock_ops programs is named "
										   "'sockops'"))
			<< program;
	on.fire(object.prog());
	EXPECT_EQ(object.global("calls"), BPF_SOCK_OPS_TCP_CONNECT_CB);
}

TEST(chosen_programs, one_that_needs_a_map_of_another_type_is_refused_by_that) {
	EXPECT_EQ(error_of([] { (void)bpf_object::load_file(FILE_NEEDS_FILTER_OBJECT); }).substr(0, 58),
			  "file_needs_filter.bpf.o: section 'sockops': filters: instr");
	EXPECT_NE(
		error_of([] { (void)bpf_object::load_file(FILE_NEEDS_FILTER_OBJECT); })
			.find("map 'ops' is of type BLOOM_FILTER, which this library has not, and was left out: this "
				  "program uses it; object_options::programs, or sockops-run --prog, names others to load"),
		std::string::npos);
}

TEST(chosen_programs, are_loaded_with_those_of_their_prog_arrays) {
	object_world on;
	bpf_object object = bpf_object::load_file(FILE_NEEDS_FILTER_OBJECT, {.programs = {"counts"}});
	EXPECT_EQ(object.prog_names(), (std::vector<std::string>{"next", "counts"}));
	EXPECT_TRUE(
		has_notice(object, "filters in section 'sockops' is not among the programs to load: left out"));
	on.fire(object.prog("counts"));
	EXPECT_EQ(object.global("calls"), BPF_SOCK_OPS_TCP_CONNECT_CB);
}

TEST(chosen_programs, are_there) {
	EXPECT_EQ(error_of([] { (void)bpf_object::open_file(FILE_CONNS_OBJECT, {.programs = {"tun"}}); }),
			  "file_conns.bpf.o: no sock_ops program 'tun' to load: it has tune in section 'sockops'");
}

} // namespace
