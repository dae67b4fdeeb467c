# SPDX-License-Identifier: MIT
# Programs that are compiled for this machine while sockops-run runs: with the same output as interpreted, and as a
# debugger, sanitizers and gcov see them.

# The same output, of object files whose sources are found by themselves.
sockops_run_prints(native.shows_what_each_program_did wide.txt --native ${wide} --records "events=struct change"
	--watch connections --maps)
sockops_run_prints(native.runs_one_program_on_one_side one_side.txt --native ${wide} --prog wide --side client --ipv6
	--timeline ${short} --set first_window=7 --set settings.clamp=0x10 --set settings.greeting=hi)
sockops_run_prints(native.says_who_spoils_whom spoiled.txt --native ${wide} ${observer}@/web --timeline ${short}
	--records "events=struct change")
sockops_run_prints(native.tells_the_same_object_twice_apart twice.txt --native ${observer}@/lab ${observer}@/lab/web
	--timeline ${short} --set observer:denies=0 --prog "observer#2:observer" --prog observer:observer
	--prog observer:sample --client-cgroup /lab/web --server-cgroup /lab)
sockops_run_prints(native.shares_maps_that_are_pinned_and_knows_options jiffies.txt --native ${jiffies} ${jiffies}
	--timeline ${short} --side client --kconfig CONFIG_NR_CPUS=8 --maps)
sockops_run_prints(native.writes_json wide.json --native ${wide} --timeline ${short} --json --maps)
sockops_run_prints(native.fills_maps_before_the_run filled.txt --native ${filled} --timeline ${short} --maps
	--map "by_place[{.zone = 1, net = 0xa000001}]={\"mode\": tune, \"window\": 20, \"bytes\": [1, 2], \"name\": \"web\"}"
	--map "conf[0]={idle, 30}" --map "by_name[eth0]=-10" --map "run_filled:untyped[0a 00 00 01]={0, 0, 0, 0, 0, 7}")

# sockops_run_says(NAME REGULAR_EXPRESSION COMMAND …): it prints that, however it ends.
function(sockops_run_says name pattern)
	list(TRANSFORM ARGN REPLACE "^sockops-run$" "$<TARGET_FILE:sockops-run>")
	add_test(NAME sockops_run.${name} COMMAND sh -c "\"$0\" \"$@\"; true" ${ARGN})
	set_tests_properties(sockops_run.${name} PROPERTIES PASS_REGULAR_EXPRESSION "${pattern}")
endfunction()

add_test(NAME sockops_run.compiles_a_source_which_does_the_same_natively COMMAND sh -c
	"interpreted=$($<TARGET_FILE:sockops-run> ${CMAKE_CURRENT_SOURCE_DIR}/wide.bpf.c --maps) || exit 1
	native=$($<TARGET_FILE:sockops-run> --native ${CMAKE_CURRENT_SOURCE_DIR}/wide.bpf.c --maps) || exit 1
	test -n \"$native\" && test \"$interpreted\" = \"$native\"")
sockops_run_says(takes_options_for_the_compiler "'--set no_such_window=1'.*it has .*first_window_of_all" sockops-run
	${CMAKE_CURRENT_SOURCE_DIR}/wide.bpf.c -D first_window=first_window_of_all --set no_such_window=1)
sockops_run_says(says_what_does_not_compile "error: .*sockops-run: it failed .exit status 1.: .*clang.* -target bpf"
	sockops-run ${CMAKE_CURRENT_SOURCE_DIR}/broken.bpf.c)
sockops_run_says(says_what_is_not_there "nowhere.bpf.c: it cannot be read: No such file" sockops-run --native nowhere.bpf.c)
add_test(NAME sockops_run.says_where_the_source_of_an_object_was COMMAND sh -c
	"cp ${CMAKE_CURRENT_SOURCE_DIR}/wide.bpf.c gone.bpf.c && $<TARGET_FILE:sockops-run> --keep gone gone.bpf.c && rm gone.bpf.c
	$<TARGET_FILE:sockops-run> --native gone/gone.bpf.o")
set_tests_properties(sockops_run.says_where_the_source_of_an_object_was PROPERTIES PASS_REGULAR_EXPRESSION
	"gone/gone.bpf.o: it was compiled from [^\n]*/gone.bpf.c, which is not there. with --native, name the C file in its place")
sockops_run_fails(native_flags_need_native 2 "'--native-flag' goes with --native" a.o --native-flag -O0)

sockops_run_says(native.has_helpers_that_programs_declare_by_their_numbers "printk: op 11 of socket 1.*11 callbacks" sockops-run
	--native ${CMAKE_CURRENT_SOURCE_DIR}/planted.bpf.c --prog by_number)

# A mistake is told with its line, by each in its way. (How a program without one looks: tests/readme.)
set(planted ${CMAKE_CURRENT_SOURCE_DIR}/planted.bpf.c)
sockops_run_says(tells_the_line_of_an_overflow "planted.bpf.c:20,[ \n]*'seen.skops->op & 31.[+][+].'.: reads 4 bytes"
	sockops-run ${planted} --unchecked --prog overflows)
sockops_run_says(tells_the_line_of_a_pointer_that_is_followed "planted.bpf.c:29,[ \n]*'[*]count [+]= 1.'.: reads 4 bytes of NULL"
	sockops-run ${planted} --unchecked --prog follows)
sockops_run_says(native.tells_the_line_of_a_crash
	"(SIGSEGV at address .*: follows.. at |SEGV on unknown address.* in follows [^\n]*)planted.bpf.c:29"
	sockops-run --native ${planted} --unchecked --prog follows)
if(NOT SOCKOPS_SANITIZE)
	sockops_run_says(native.tells_a_number_that_no_helper_has
		"asks_core.. at planted.bpf.c:[0-9]+ calls helper 137 by its number, which is none" sockops-run
		--native ${planted} --prog asks_core)
	sockops_run_says(native.tells_the_line_of_an_overflow_under_AddressSanitizer
		"global-buffer-overflow.* in overflows [^\n]*planted.bpf.c:20" sockops-run --native ${planted} --unchecked --prog overflows
		--native-flag -fsanitize=address)
	sockops_run_says(native.tells_the_line_of_an_overflow_under_UndefinedBehaviorSanitizer
		"planted.bpf.c:20:[0-9]+: runtime error: index [0-9]+ out of bounds" sockops-run --native ${planted}
		--unchecked --prog overflows --native-flag -fsanitize=undefined)
	find_program(GDB gdb)
	if(GDB)
		sockops_run_says(native.stops_in_gdb_at_the_line_of_a_crash
			"Program received signal SIGSEGV.*follows .skops=[^)]*. at [^\n]*planted.bpf.c:29" ${GDB} -batch -ex run
			--args $<TARGET_FILE:sockops-run> --native ${planted} --unchecked --prog follows)
	endif()
endif()

# Counts of lines are gcov's: of some programs here, of all of them under --all.
find_program(GCOV_PROGRAM gcov)
if(PYTHON3_PROGRAM AND GCOV_PROGRAM)
	file(GLOB all_programs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/object/programs/*.bpf.c)
	list(FILTER all_programs EXCLUDE REGEX "/(core_fields|kconfig)\\.bpf\\.c$") # CO-RE; options of a kernel
	set(some_programs ${all_programs})
	list(FILTER some_programs INCLUDE REGEX "/subprograms\\.bpf\\.c$")
	foreach(which IN ITEMS some all)
		add_test(NAME sockops_run.counts_lines_of_${which}_programs_as_gcov_does
			COMMAND ${PYTHON3_PROGRAM} ${CMAKE_CURRENT_SOURCE_DIR}/coverage_agrees.py $<TARGET_FILE:sockops-run> 90
				${PROJECT_SOURCE_DIR}/tests/timelines/one_of_eight_lost_all_flags.timeline ${${which}_programs})
		set_tests_properties(sockops_run.counts_lines_of_${which}_programs_as_gcov_does PROPERTIES LABELS release-only)
	endforeach()
	set_tests_properties(sockops_run.counts_lines_of_all_programs_as_gcov_does PROPERTIES
		LABELS "release-only;all-only" TIMEOUT 900)
endif()
