# SPDX-License-Identifier: MIT
# Whether a kernel takes the programs: --check, --unchecked, and --ask-kernel as far as it needs no kernel.
set(objects ${PROJECT_BINARY_DIR}/tests/object)
add_test(NAME sockops_run.checks_each_program_of_each_object COMMAND sockops-run --check file_verdicts.bpf.o file_conns.bpf.o
	file_bad_map.bpf.o file_other_types.bpf.o WORKING_DIRECTORY ${objects})
string(CONCAT said
	"REFUSED  file_verdicts.bpf.o: writes_where_nothing_may_be in section 'sockops'\n  instruction 1 .verdicts.bpf.c:[0-9]+, .*"
	"\ntaken    file_verdicts.bpf.o: counts in section 'sockops'\n"
	"REFUSED  file_verdicts.bpf.o: filters in section 'sockops'\n  instruction 4 .*map 'ops' is of type BLOOM_FILTER.*"
	"\n  this library has not what the program asks for; a kernel may take it\n"
	"REFUSED  file_verdicts.bpf.o: returns_two in section 'sockops'\n  instruction 1 .*"
	"\ntaken    file_verdicts.bpf.o: is_the_last in section 'sockops/last'\n"
	"taken    file_conns.bpf.o: tune in section 'sockops'\n"
	"FAILED   file_bad_map.bpf.o: map 'wide': ARRAY: key_size is 8; make it 4, an index\n"
	"passed over  file_other_types.bpf.o: no sock_ops program: .*"
	"\n\n6 programs: 3 taken, 3 REFUSED, 1 object that cannot be loaded, 1 object passed over\n$")
set_tests_properties(sockops_run.checks_each_program_of_each_object PROPERTIES PASS_REGULAR_EXPRESSION "${said}")
add_test(NAME sockops_run.ends_a_check_that_refuses_with_a_status COMMAND sockops-run --check ${objects}/file_refused.bpf.o)
set_tests_properties(sockops_run.ends_a_check_that_refuses_with_a_status PROPERTIES WILL_FAIL ON)
add_test(NAME sockops_run.ends_a_check_that_cannot_load_with_a_status COMMAND sockops-run --check ${objects}/file_conns.bpf.o
	${objects}/file_bad_map.bpf.o)
set_tests_properties(sockops_run.ends_a_check_that_cannot_load_with_a_status PROPERTIES WILL_FAIL ON)
add_test(NAME sockops_run.ends_a_check_well COMMAND sockops-run --check ${objects}/file_conns.bpf.o@/web
	${objects}/file_other_types.bpf.o ${objects}/file_needs_filter.bpf.o --prog file_needs_filter:counts --prog tune)
add_test(NAME sockops_run.checks_what_it_is_told_to COMMAND sockops-run --check file_needs_filter.bpf.o@/web file_conns.bpf.o
	--prog file_needs_filter:counts WORKING_DIRECTORY ${objects})
set_tests_properties(sockops_run.checks_what_it_is_told_to PROPERTIES PASS_REGULAR_EXPRESSION
	"taken    file_needs_filter.bpf.o: next in [^\n]*\ntaken    file_needs_filter.bpf.o: counts in [^\n]*\npassed over  file_conns.bpf.o: it has none of the programs that --prog names\n\n2 programs: 2 taken, 1 object passed over\n$")

add_test(NAME sockops_run.checks_what_constants_switch_on COMMAND sockops-run --check ${objects}/file_verdicts.bpf.o
	--prog is_the_last --set result=3)
set_tests_properties(sockops_run.checks_what_constants_switch_on PROPERTIES PASS_REGULAR_EXPRESSION
	"REFUSED  [^\n]*: is_the_last in section 'sockops/last'\n  instruction [0-9]+ .verdicts.bpf.c:[0-9]+, .*\n\n2 programs: 2 REFUSED\n$")
add_test(NAME sockops_run.checks_sources COMMAND sockops-run --check ${PROJECT_SOURCE_DIR}/tests/object/files/refused.bpf.c)
set_tests_properties(sockops_run.checks_sources PROPERTIES PASS_REGULAR_EXPRESSION
	"^REFUSED  [^\n]*/refused.bpf.c: refused_for_a_long_name in section 'sockops'\n")
add_test(NAME sockops_run.annotates_what_a_check_refuses COMMAND ${in_this_tree} --check ${objects}/file_refused.bpf.o)
set_tests_properties(sockops_run.annotates_what_a_check_refuses PROPERTIES PASS_REGULAR_EXPRESSION
	"::error file=tests/object/files/refused.bpf.c,line=11,title=a kernel refuses it::file_refused.bpf.o: section 'sockops': refused_for_a_long_name: ")
add_test(NAME sockops_run.annotates_what_cannot_be_checked COMMAND ${in_this_tree} --check ${objects}/file_foreign_map.bpf.o
	${objects}/file_bad_map.bpf.o)
set_tests_properties(sockops_run.annotates_what_cannot_be_checked PROPERTIES PASS_REGULAR_EXPRESSION
	"::error file=tests/object/files/foreign_map.bpf.c,line=[0-9]+,title=it cannot be loaded::file_foreign_map.bpf.o: .*%0A  this library has not what .*::error title=it cannot be loaded::file_bad_map.bpf.o: map 'wide'")
add_test(NAME sockops_run.finds_nothing_to_check COMMAND sh -c
	"$<TARGET_FILE:sockops-run> --check ${objects}/file_other_types.bpf.o; echo ended with $?")
set_tests_properties(sockops_run.finds_nothing_to_check PROPERTIES PASS_REGULAR_EXPRESSION
	"^passed over  file_other_types.bpf.o: no sock_ops program: .*\n0 programs: 1 object passed over\nended with 1\n$")
sockops_run_fails(checks_no_program_that_is_not_there 1 "no object has a sock_ops program 'tight'" --check ${objects}/file_conns.bpf.o
	${objects}/file_verdicts.bpf.o --prog tight)
sockops_run_fails(refuses_what_runs_beside_a_check 2 "'--timeline' does not go with --check, which runs nothing" --check a.o
	--timeline a.timeline)
sockops_run_fails(refuses_a_check_unchecked 2 "'--unchecked' does not go with --check" --check a.o --unchecked)
sockops_run_fails(refuses_a_check_of_tests 2 "'--check' does not go with --test" --check --test ${text_tests})
sockops_run_fails(refuses_a_log_of_no_kernel 2 "'--kernel-log' goes with --ask-kernel" a.o --kernel-log a.log)

# What would be stopped at run is refused at load, and so not run at all, interpreted or natively, unless --unchecked.
sockops_run_fails(refuses_what_a_kernel_refuses 1
	"^sockops-run: run_stopped.bpf.o: section 'sockops': stopped: instruction 9 .stopped.bpf.c:22, .*may be NULL\n  remedy: .*\n  the way there:\n"
	${stopped} --timeline ${short} --keep-going)
sockops_run_fails(refuses_natively_what_a_kernel_refuses 1 "stopped: instruction 9 .stopped.bpf.c:22, .*may be NULL\n  remedy: "
	--native ${stopped} --timeline ${short})
set(fails sh -c "$<TARGET_FILE:sockops-run> \"$@\" || echo ended with $?" sockops-run --test ${text_tests}/deep/fails.timeline
	${object_folder})
add_test(NAME sockops_run.refuses_a_test_of_what_a_kernel_refuses COMMAND ${fails})
set_tests_properties(sockops_run.refuses_a_test_of_what_a_kernel_refuses PROPERTIES PASS_REGULAR_EXPRESSION
	"FAILED  [^\n]*  .0 calls.*fails.timeline:4: object run_stopped.bpf.o\n.*may be NULL\n +remedy: .*[;] seed 1\nended with 1\n$"
	FAIL_REGULAR_EXPRESSION "a program was stopped")
add_test(NAME sockops_run.tells_where_a_test_was_stopped_unchecked COMMAND ${fails} --unchecked)
set_tests_properties(sockops_run.tells_where_a_test_was_stopped_unchecked PROPERTIES PASS_REGULAR_EXPRESSION
	"a program was stopped.*reads 8 bytes of NULL.*[;] seed 1[;][ \n]+unchecked:[a-z, \n]* too\nended with 1\n$")

# That what is run was not checked is said at its end.
add_test(NAME sockops_run.runs_unchecked_and_says_so COMMAND sockops-run ${wide} --timeline ${short} --unchecked)
set_tests_properties(sockops_run.runs_unchecked_and_says_so PROPERTIES PASS_REGULAR_EXPRESSION
	"\n[0-9]+ callbacks[^\n]*(\n  [^\n]*)*unchecked: programs that a kernel refuses were run,( |\n  )too\n")
add_test(NAME sockops_run.runs_tests_unchecked_and_says_so COMMAND sockops-run --test ${text_tests}/passes.timeline
	${object_folder} --unchecked)
set_tests_properties(sockops_run.runs_tests_unchecked_and_says_so PROPERTIES PASS_REGULAR_EXPRESSION
	"\n1 test passed[;] seed 1[;] unchecked: programs that a kernel refuses were run, too\n$")

# Nobody may load programs without the rights to; where there is no such kernel at all, that is said as well.
find_program(SETPRIV_PROGRAM setpriv)
if(SETPRIV_PROGRAM)
	add_test(NAME sockops_run.says_that_the_kernel_may_not_be_asked COMMAND sh -c
		"$([ $(id -u) != 0 ] || echo ${SETPRIV_PROGRAM} --reuid 65534 --clear-groups --bounding-set -all) $<TARGET_FILE:sockops-run> --check ${objects}/file_conns.bpf.o --ask-kernel; echo ended with $?")
	set_tests_properties(sockops_run.says_that_the_kernel_may_not_be_asked PROPERTIES PASS_REGULAR_EXPRESSION
		"sockops-run: this machine's kernel (lets only root load programs, or who has CAP_BPF.*as root|takes no sock_ops program at all).*\nended with 1\n$")
endif()
if(CMAKE_BUILD_TYPE STREQUAL Release)
	add_test(NAME sockops_run.asks_the_kernel COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/ask_kernel.sh $<TARGET_FILE:sockops-run>
		${objects} ${CMAKE_CURRENT_BINARY_DIR})
	set_tests_properties(sockops_run.asks_the_kernel PROPERTIES LABELS "kernel;release-only" SKIP_REGULAR_EXPRESSION "^skipped: ")
endif()
