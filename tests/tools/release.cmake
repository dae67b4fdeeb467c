# SPDX-License-Identifier: MIT
# Other releases than the one that is modelled: --kernel.
set(release_object ${PROJECT_BINARY_DIR}/tests/object/file_release)
foreach(word IN ITEMS 4.12 5.20 6.19 7.0 5 5.15.3 v5.15 newest)
	sockops_run_fails(refuses_${word}_as_a_release 2
		"'--kernel ${word}': a release is MAJOR.MINOR, from 4.13, the first with sock_ops programs, to 6.18, the one that"
		${wide} --kernel ${word})
endforeach()
sockops_run_fails(refuses_what_a_release_has_not 1
	"instruction [0-9]+ .release.bpf.c:[0-9]+.*bpf_load_hdr_opt.. is for SOCK_OPS programs since Linux 5.10; --kernel asks for 5.9\n.*remedy: keep it behind"
	${release_object}_unguarded.bpf.o --kernel 5.9)
sockops_run_fails(refuses_maps_that_a_release_has_not 1
	"map 'records': BPF_MAP_TYPE_RINGBUF is there since Linux 5.8; --kernel asks for 5.7"
	${release_object}_records.bpf.o --kernel 5.7)
sockops_run_fails(attaches_one_program_where_there_is_no_flag_for_two 1
	"2 programs for the sockets of / need BPF_F_ALLOW_MULTI, .* 4.15; --kernel asks for 4.14: attach one .*--prog"
	${release_object}_plain.bpf.o ${release_object}_plain.bpf.o --kernel 4.14)

# Listening tells programs nothing before 4.19; RTT_CB comes since 5.3.
add_test(NAME sockops_run.says_as_which_release COMMAND sockops-run ${release_object}_plain.bpf.o --kernel 4.18
	--timeline ${short})
set_tests_properties(sockops_run.says_as_which_release PROPERTIES PASS_REGULAR_EXPRESSION
	"\nnote: as Linux 4.18: what is younger is refused, or does not happen\n" FAIL_REGULAR_EXPRESSION "TCP_LISTEN")
add_test(NAME sockops_run.plays_no_op_that_is_younger COMMAND sockops-run ${observer} --kernel 5.2)
set_tests_properties(sockops_run.plays_no_op_that_is_younger PROPERTIES PASS_REGULAR_EXPRESSION "TCP_LISTEN"
	FAIL_REGULAR_EXPRESSION "RTT |RTT$")
add_test(NAME sockops_run.plays_an_op_of_its_release COMMAND sockops-run ${observer} --kernel 5.3)
set_tests_properties(sockops_run.plays_an_op_of_its_release PROPERTIES PASS_REGULAR_EXPRESSION "  RTT  ")
add_test(NAME sockops_run.fires_no_op_that_is_younger COMMAND sockops-run ${release_object}_plain.bpf.o
	--timeline ${CMAKE_CURRENT_SOURCE_DIR}/fired.timeline --kernel 5.2)
set_tests_properties(sockops_run.fires_no_op_that_is_younger PROPERTIES PASS_REGULAR_EXPRESSION
	"fire RTT on a socket: RTT_CB is there since Linux 5.3[;] --kernel asks for 5.2")
add_test(NAME sockops_run.fires_an_op_of_its_release COMMAND sockops-run ${release_object}_plain.bpf.o
	--timeline ${CMAKE_CURRENT_SOURCE_DIR}/fired.timeline --kernel 5.3)

add_test(NAME sockops_run.tests_as_another_release COMMAND sockops-run --test ${text_tests}/passes.timeline
	${object_folder} --kernel 5.9)
set_tests_properties(sockops_run.tests_as_another_release PROPERTIES PASS_REGULAR_EXPRESSION "\n1 test passed")
add_test(NAME sockops_run.tests_as_a_release_that_has_not_enough COMMAND sockops-run --test ${text_tests}/passes.timeline
	${object_folder} --kernel 5.7)
set_tests_properties(sockops_run.tests_as_a_release_that_has_not_enough PROPERTIES PASS_REGULAR_EXPRESSION
	"BPF_MAP_TYPE_RINGBUF is there since Linux 5.8.*1 of 1 test FAILED")
