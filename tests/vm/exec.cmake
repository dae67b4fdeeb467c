# SPDX-License-Identifier: MIT
# sockops-exec as suites call it.

# exec_test(NAME EXPECTED [FAILS] [INPUT text] [ELF file] [ARGUMENTS …])
function(exec_test name expected)
	cmake_parse_arguments(arg "FAILS" "INPUT;ELF" "ARGUMENTS" ${ARGN})
	list(JOIN arg_ARGUMENTS "|" arguments) # a ';' would part the arguments of the script
	add_test(NAME sockops_exec.${name} COMMAND ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:sockops-exec>
		-D INPUT=${arg_INPUT} -D ELF=${arg_ELF} "-DARGUMENTS=${arguments}" -D EXPECTED=${expected} -D FAILS=${arg_FAILS}
		-D WORK=${CMAKE_CURRENT_BINARY_DIR}/exec_${name}.txt -P ${CMAKE_CURRENT_SOURCE_DIR}/exec_case.cmake)
endfunction()

set(ret "95 00 00 00 00 00 00 00")
set(r0_42 "b7 00 00 00 2a 00 00 00 ${ret}")
exec_test(prints_r0_in_hex "^2a\n$" INPUT ${r0_42})
exec_test(prints_all_64_bits "^fffffffffffffffe\n$" INPUT "b7 00 00 00 fe ff ff ff  ${ret}")
exec_test(reads_capitals_and_many_spaces "^2a\n$" INPUT "  B7 0 00 00   2A 00 00 00  ${ret} ")
exec_test(gives_the_memory_to_r1 "^807\n$" INPUT "69 10 01 00 00 00 00 00 ${ret}" ARGUMENTS "06 07 08")
exec_test(gives_its_length_to_r2 "^3\n$" INPUT "bf 20 00 00 00 00 00 00 ${ret}" ARGUMENTS "06  07  08  " --debug)
exec_test(without_memory_r1_and_r2_are_0 "^0\n$" INPUT "bf 10 00 00 00 00 00 00 4f 20 00 00 00 00 00 00 ${ret}")
exec_test(takes_options_without_effect "^2a\n$" INPUT ${r0_42} ARGUMENTS "01" "--cpu_version v4 --interpret" --jit)
exec_test(takes_the_program_as_an_argument "^2a\n$" ARGUMENTS --program ${r0_42} "01 02")
exec_test(takes_the_program_behind_an_equals_sign "^2a\n$" ARGUMENTS "--program=${r0_42}" "01 02")
# bpf_ktime_get_ns() twice: it does not run backwards.
exec_test(calls_helpers_that_need_no_socket "^1\n$" INPUT "85 00 00 00 05 00 00 00 bf 06 00 00 00 00 00 00 \
85 00 00 00 07 00 00 00 85 00 00 00 05 00 00 00 bf 07 00 00 00 00 00 00 b7 00 00 00 01 00 00 00 \
3d 67 01 00 00 00 00 00 b7 00 00 00 00 00 00 00 ${ret}")
# bpf_strtol() of "42" in the memory.
exec_test(calls_helpers_about_texts "^2a\n$" INPUT "b7 02 00 00 02 00 00 00 b7 03 00 00 00 00 00 00 \
bf a4 00 00 00 00 00 00 07 04 00 00 f8 ff ff ff 85 00 00 00 69 00 00 00 79 a0 f8 ff 00 00 00 00 ${ret}" ARGUMENTS "34 32")
exec_test(says_which_helpers_need_a_socket "bpf_sock_ops_cb_flags_set\\(\\) needs a context" FAILS
	INPUT "b7 02 00 00 01 00 00 00 85 00 00 00 3b 00 00 00 ${ret}")
exec_test(helps "usage: sockops-exec" ARGUMENTS --help)
add_test(NAME sockops_exec.says_when_it_cannot_write
	COMMAND sh -c "$<TARGET_FILE:sockops-exec> --program '${r0_42}' > /dev/full")
set_tests_properties(sockops_exec.says_when_it_cannot_write PROPERTIES PASS_REGULAR_EXPRESSION
	"could not be written to standard output")

exec_test(names_the_digits_that_are_none "'zz', byte 1 of the program" FAILS INPUT "b7 zz 00 00 2a 00 00 00")
exec_test(names_the_memory_that_is_no_hex "'123', byte 0 of the memory" FAILS INPUT ${r0_42} ARGUMENTS "123")
exec_test(refuses_half_an_instruction "the program has 4 bytes" FAILS INPUT "b7 00 00 00")
exec_test(refuses_no_program "the program has 0 bytes" FAILS)
exec_test(refuses_an_unknown_option "no option '--fast'" FAILS INPUT ${r0_42} ARGUMENTS --fast)
exec_test(says_why_a_program_is_refused "unknown opcode ff" FAILS INPUT "ff 00 00 00 00 00 00 00 ${ret}")
exec_test(says_why_a_program_was_stopped "no memory of the program" FAILS INPUT "71 10 03 00 00 00 00 00 ${ret}"
	ARGUMENTS "06 07 08")
exec_test(refuses_what_is_no_elf_object "these bytes are none" FAILS INPUT ${r0_42} ARGUMENTS --elf)
if(NOT SOCKOPS_BPF_MISSING)
	sockops_bpf_object(exec_calls exec_calls.bpf.c ${sockops_own_bpf})
	add_dependencies(isa_test exec_calls_compiled) # so that it is there when tests run
	exec_test(runs_the_code_of_an_elf_object "^19\n$" ELF ${CMAKE_CURRENT_BINARY_DIR}/exec_calls.bpf.o
		ARGUMENTS "06 07 08" --elf)
endif()
