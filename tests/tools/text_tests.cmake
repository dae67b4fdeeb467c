# SPDX-License-Identifier: MIT
# Text tests: those of a folder, of which one passes. A ";" would part a regular expression in two: "[;]".
set(text_tests ${CMAKE_CURRENT_SOURCE_DIR}/text_tests)
set(object_folder --object-folder ${CMAKE_CURRENT_BINARY_DIR})
add_test(NAME sockops_run.tests_what_a_folder_has COMMAND sockops-run --test ${text_tests} ${object_folder} --unchecked)
set_tests_properties(sockops_run.tests_what_a_folder_has PROPERTIES PASS_REGULAR_EXPRESSION
	"^note: 1 timeline without an object, no test: [^\n]*/plain.timeline\nFAILED  [^\n]*/deep/fails.timeline  .[0-9]+ calls, 0.010 s.\n.*fails.timeline:7: client: RWND_INIT -> 21\n    expected  -> 21\n    seen      -> 20\n.*FAILED  [^\n]*/deep/found.timeline .*found.timeline:[0-9]: bytes that nobody wrote\n    .*FAILED  [^\n]*/deep/refused.timeline  .0 calls.*refused.timeline:4: .*ok      [^\n]*/passes.timeline .*\n3 of 4 tests FAILED: .*[;] seed 1[;][ \n]+unchecked:[a-z, \n]* too\n$")
add_test(NAME sockops_run.tests_that_fail_have_an_exit_status COMMAND sockops-run --test ${text_tests}/deep ${object_folder})
set_tests_properties(sockops_run.tests_that_fail_have_an_exit_status PROPERTIES WILL_FAIL ON)
add_test(NAME sockops_run.tests_files_that_are_named_once COMMAND sockops-run --test ${text_tests}/passes.timeline
	${text_tests}/passes.timeline ${object_folder} --seed 3)
set_tests_properties(sockops_run.tests_files_that_are_named_once PROPERTIES PASS_REGULAR_EXPRESSION
	"^ok      [^\n]*/passes.timeline  .[0-9]+ calls, 0.010 s.\n\n1 test passed[;] seed 3\n$")
add_test(NAME sockops_run.tests_keep_going_beside_findings_if_asked COMMAND sockops-run
	--test ${text_tests}/deep/found.timeline ${object_folder} --keep-going)
sockops_run_fails(refuses_a_folder_without_tests 1 "no test in [^;]*command: a test is a file [*].timeline that names its objects"
	--test ${CMAKE_CURRENT_SOURCE_DIR}/command)
sockops_run_fails(refuses_a_folder_of_timelines_that_are_no_tests 1 "no test in .*timelines/[a-z_0-9]+.timeline and others do not"
	--test ${PROJECT_SOURCE_DIR}/tests/timelines)
add_test(NAME sockops_run.refuses_a_named_file_that_is_no_test_beside_its_folder COMMAND sockops-run
	--test ${text_tests} ${text_tests}/plain.timeline ${object_folder})
set_tests_properties(sockops_run.refuses_a_named_file_that_is_no_test_beside_its_folder PROPERTIES PASS_REGULAR_EXPRESSION
	"FAILED  [^\n]*/plain.timeline .*it names no object.*\n4 of 5 tests FAILED" FAIL_REGULAR_EXPRESSION "note: ")
add_test(NAME sockops_run.passes_over_links_that_lead_nowhere COMMAND sh -c
	"mkdir -p linked && ln -sf self.timeline linked/self.timeline && cp ${text_tests}/passes.timeline linked && $<TARGET_FILE:sockops-run> --test linked --object-folder ${CMAKE_CURRENT_BINARY_DIR} && ! $<TARGET_FILE:sockops-run> --test linked/self.timeline")
set_tests_properties(sockops_run.passes_over_links_that_lead_nowhere PROPERTIES PASS_REGULAR_EXPRESSION
	"1 test passed.*'--test linked/self.timeline': it cannot be looked at: Too many levels of symbolic links")
sockops_run_fails(refuses_an_object_in_place_of_a_test 2 "a test is a timeline, which names its objects itself .'object [a-z_]+.bpf.o'."
	--test ${wide})
sockops_run_fails(refuses_a_test_that_is_not_there 2 "'--test nowhere': there is no such file or folder" --test nowhere)
sockops_run_fails(refuses_what_the_file_of_a_test_says 2 "'--set' does not go with --test" --test ${text_tests} --set a=1)
sockops_run_fails(refuses_a_cgroup_beside_tests 2 "a test says itself where its objects are attached" --test ${text_tests}
	${wide}@/web)
sockops_run_fails(refuses_what_goes_with_tests_alone 2 "'--junit' goes with --test" ${wide} --junit x.xml)
sockops_run_fails(says_that_junits_file_cannot_be_written 1 "'--junit /nowhere/x.xml': it cannot be written: No such file"
	--test ${text_tests}/passes.timeline ${object_folder} --junit /nowhere/x.xml)
add_test(NAME sockops_run.annotates_tests_at_both_their_lines COMMAND ${in_this_tree} --test ${text_tests}/deep ${object_folder}
	--unchecked)
set_tests_properties(sockops_run.annotates_tests_at_both_their_lines PROPERTIES PASS_REGULAR_EXPRESSION
	"::error file=tests/tools/text_tests/deep/fails.timeline,line=[0-9]+,title=a program was stopped::.*::error file=tests/tools/stopped.bpf.c,line=[0-9]+,title=a program was stopped::.*::error file=tests/tools/text_tests/deep/fails.timeline,line=7,title=it is not as the test expects::client: RWND_INIT -> 21%0A.*::error file=tests/tools/unwritten.bpf.c,line=[0-9]+,title=bytes that nobody wrote::")
add_test(NAME sockops_run.annotates_at_the_test_alone_if_the_source_is_elsewhere COMMAND sh -c
	"GITHUB_WORKSPACE=${text_tests} $<TARGET_FILE:sockops-run> --annotations --test ${text_tests}/deep/found.timeline --object-folder ${CMAKE_CURRENT_BINARY_DIR} 2>&1 | grep ^::error")
set_tests_properties(sockops_run.annotates_at_the_test_alone_if_the_source_is_elsewhere PROPERTIES PASS_REGULAR_EXPRESSION
	"^::error file=deep/found.timeline,line=[0-9]+,title=bytes that nobody wrote::" FAIL_REGULAR_EXPRESSION "::error title")
if(PYTHON3_PROGRAM)
	add_test(NAME sockops_run.writes_what_readers_of_junit_read COMMAND ${PYTHON3_PROGRAM}
		${CMAKE_CURRENT_SOURCE_DIR}/junit.py $<TARGET_FILE:sockops-run> ${text_tests} ${CMAKE_CURRENT_BINARY_DIR})
endif()
