# SPDX-License-Identifier: MIT
# What a program makes of a timeline that expects something else.
add_test(NAME sockops_run.expects_what_the_timeline_expects COMMAND sockops-run ${wide} --timeline ${short} --expect)
set_tests_properties(sockops_run.expects_what_the_timeline_expects PROPERTIES PASS_REGULAR_EXPRESSION
	"not as expected: line 8, client.*expected  STATE.1>4. STATE.4>5. >nothing more.*seen      .*>STATE.5>7.")
set(did ${CMAKE_CURRENT_SOURCE_DIR}/did.timeline)
add_test(NAME sockops_run.expects_what_programs_did COMMAND sockops-run ${wide} --prog wide --timeline ${did} --expect)
set_tests_properties(sockops_run.expects_what_programs_did PROPERTIES PASS_REGULAR_EXPRESSION
	"fired   RWND_INIT  .*reply 0 -> 20\n.*fired   STATE.1>4. .*note: no stack would have called it: the socket's flag for it is clear.*\nnot as expected: line 6: client: RWND_INIT -> 21\n  expected  -> 21\n  seen      -> 20\n.*exit status 1: it is not as the timeline expects\n$"
	FAIL_REGULAR_EXPRESSION "line [5789]:;line 1[0-9]:")
add_test(NAME sockops_run.does_not_judge_what_it_is_not_asked COMMAND sockops-run ${wide} --prog wide --timeline ${did})
add_test(NAME sockops_run.fails_by_no_finding_that_a_line_expects COMMAND sockops-run ${unwritten}
	--timeline ${CMAKE_CURRENT_SOURCE_DIR}/trouble.timeline --expect)
add_test(NAME sockops_run.fails_by_no_stopped_program_that_a_line_expects COMMAND sockops-run ${stopped}
	--unchecked --timeline ${CMAKE_CURRENT_SOURCE_DIR}/stopped.timeline --expect)
add_test(NAME sockops_run.fails_by_a_finding_that_no_line_expects COMMAND sockops-run ${unwritten} --timeline ${short} --expect)
set_tests_properties(sockops_run.fails_by_a_finding_that_no_line_expects PROPERTIES PASS_REGULAR_EXPRESSION
	"exit status 1: .*bytes that nobody wrote .--keep-going: no failure.")
add_test(NAME sockops_run.does_not_judge_what_is_of_other_objects COMMAND sockops-run ${wide} --timeline ${CMAKE_CURRENT_SOURCE_DIR}/elsewhere.timeline)
add_test(NAME sockops_run.refuses_lines_of_other_objects_before_it_prints COMMAND sh -c
	"$<TARGET_FILE:sockops-run> ${wide} --timeline ${CMAKE_CURRENT_SOURCE_DIR}/elsewhere.timeline --expect 2>&1")
set_tests_properties(sockops_run.refuses_lines_of_other_objects_before_it_prints PROPERTIES PASS_REGULAR_EXPRESSION
	"^sockops-run: [^\n]*elsewhere.timeline: line 5: [^\n]*nowhere")
sockops_run_fails(refuses_a_text_test_as_a_timeline 1 "passes.timeline: line 3: .* this is a text test, .*: sockops-run --test .* runs it"
	${wide} --timeline ${CMAKE_CURRENT_SOURCE_DIR}/text_tests/passes.timeline)
add_test(NAME sockops_run.fails_if_it_is_not_as_expected COMMAND sockops-run ${wide} --timeline ${short} --expect)
set_tests_properties(sockops_run.fails_if_it_is_not_as_expected PROPERTIES WILL_FAIL ON)
add_test(NAME sockops_run.keeps_going_beside_findings_if_asked COMMAND sockops-run ${unwritten} --timeline ${short} --keep-going)
add_test(NAME sockops_run.keeps_going_if_asked COMMAND sockops-run ${stopped} --unchecked --timeline ${short} --keep-going)
add_test(NAME sockops_run.expects_nothing_of_its_own COMMAND sockops-run ${stopped} --unchecked --expect --side server)
