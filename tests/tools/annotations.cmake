# SPDX-License-Identifier: MIT
# Failures, once more, as code hosts show them at their lines.
set(in_this_tree ${CMAKE_COMMAND} -E env GITHUB_WORKSPACE=${PROJECT_SOURCE_DIR} $<TARGET_FILE:sockops-run> --annotations)
add_test(NAME sockops_run.annotates_where_a_program_was_stopped COMMAND ${in_this_tree} ${stopped} --unchecked --timeline ${short})
set_tests_properties(sockops_run.annotates_where_a_program_was_stopped PROPERTIES PASS_REGULAR_EXPRESSION
	"\n::error file=tests/tools/stopped.bpf.c,line=[1-9][0-9]*,title=a program was stopped::[^\n]*stopped.bpf.c:[0-9]+[^\n]*\n"
	FAIL_REGULAR_EXPRESSION "title=a program denies")
add_test(NAME sockops_run.annotates_what_depends_on_bytes_that_nobody_wrote COMMAND ${in_this_tree} ${unwritten}
	--timeline ${short})
set_tests_properties(sockops_run.annotates_what_depends_on_bytes_that_nobody_wrote PROPERTIES PASS_REGULAR_EXPRESSION
	"::error file=tests/tools/unwritten.bpf.c,line=[1-9][0-9]*,title=bytes that nobody wrote::unwritten: [^\n]*key of 'conns'")
add_test(NAME sockops_run.annotates_why_a_program_is_refused
	COMMAND ${in_this_tree} ${PROJECT_BINARY_DIR}/tests/object/file_foreign_map.bpf.o)
set_tests_properties(sockops_run.annotates_why_a_program_is_refused PROPERTIES PASS_REGULAR_EXPRESSION
	"::error file=tests/object/files/foreign_map.bpf.c,line=[1-9][0-9]*,title=it cannot be loaded::")
add_test(NAME sockops_run.annotates_what_the_timeline_expects COMMAND ${in_this_tree} ${wide} --timeline ${short} --expect)
set_tests_properties(sockops_run.annotates_what_the_timeline_expects PROPERTIES PASS_REGULAR_EXPRESSION
	"::error file=tests/tools/short.timeline,line=8,title=it is not as the timeline expects::client, after ")
add_test(NAME sockops_run.annotates_what_one_program_takes_from_another COMMAND ${in_this_tree} ${wide} ${observer}
	--timeline ${short} --prog wide --prog observer --fail-if discarded_reply)
set_tests_properties(sockops_run.annotates_what_one_program_takes_from_another PROPERTIES PASS_REGULAR_EXPRESSION
	"exit status 1: discarded reply\n.*::error file=tests/tools/observer.bpf.c,line=[1-9][0-9]*,title=discarded reply::[A-Z_]+: observer returned 0: the reply")
add_test(NAME sockops_run.fails_only_if_it_was_asked_to COMMAND sockops-run ${wide} ${observer} --timeline ${short}
	--fail-if changed_argument)
add_test(NAME sockops_run.warns_of_a_program_that_returns_0 COMMAND ${in_this_tree} ${observer} --prog observer
	--timeline ${short})
set_tests_properties(sockops_run.warns_of_a_program_that_returns_0 PROPERTIES PASS_REGULAR_EXPRESSION
	"::warning file=tests/tools/observer.bpf.c,line=[1-9][0-9]*,title=a program denies::observer returned 0 in 11 of 11 callbacks: what any"
	FAIL_REGULAR_EXPRESSION "exit status")
add_test(NAME sockops_run.fails_if_a_program_returns_0_and_may_not COMMAND ${in_this_tree} ${observer} --prog observer
	--timeline ${short} --fail-if denied)
set_tests_properties(sockops_run.fails_if_a_program_returns_0_and_may_not PROPERTIES PASS_REGULAR_EXPRESSION
	"exit status 1: a program denies\n.*::error file=tests/tools/observer.bpf.c,line=")
