# SPDX-License-Identifier: MIT
# cmake -D PYTHON=… -D SOURCE_DIR=… -D WORK=… -P follow_test.cmake: follow.py finds nothing in a copy of what is recorded,
# and in one that was edited the row of what was edited. The page says how many answers and comparisons there are.
file(REMOVE_RECURSE ${WORK})
file(GLOB recorded ${SOURCE_DIR}/tests/kernel/recorded/*.json ${SOURCE_DIR}/tests/vm/isa/recorded*.txt)
file(COPY ${recorded} DESTINATION ${WORK})

# run(STATUS WORDS…): it ends with that status, and each of WORDS matches what it says.
function(run expected)
	execute_process(COMMAND ${PYTHON} ${SOURCE_DIR}/tests/kernel/follow.py ${WORK}
		RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
	if(NOT status EQUAL expected)
		message(FATAL_ERROR "exit status ${status}, not ${expected}:\n${said}")
	endif()
	foreach(words IN LISTS ARGN)
		if(NOT said MATCHES "${words}")
			message(FATAL_ERROR "it does not say '${words}':\n${said}")
		endif()
	endforeach()
endfunction()

# edit(FILE PATTERN REPLACEMENT): one place of a file.
function(edit name pattern replacement)
	file(READ ${WORK}/${name} text)
	string(REGEX MATCH "${pattern}" found "${text}")
	if(found STREQUAL "")
		message(FATAL_ERROR "${name} has no '${pattern}'")
	endif()
	string(REGEX REPLACE "${pattern}" "${replacement}" edited "${found}")
	string(FIND "${text}" "${found}" at)
	string(LENGTH "${found}" length)
	math(EXPR after "${at} + ${length}")
	string(SUBSTRING "${text}" 0 ${at} before)
	string(SUBSTRING "${text}" ${after} -1 rest)
	file(WRITE ${WORK}/${name} "${before}${edited}${rest}")
endfunction()

run(0 "none differs\nnothing differs")
file(READ ${SOURCE_DIR}/.github/FOLLOWING.md page)
string(REGEX MATCH "[0-9,]+ recorded answers compared, none differs\nnothing differs\n" said "${page}")
run(0 "^${said}$")
file(STRINGS ${SOURCE_DIR}/tests/kernel_cases.txt comparisons REGEX "^ *[0-9]+ +[0-9]+ +[^ ]")
list(LENGTH comparisons count)
if(said STREQUAL "" OR NOT page MATCHES "\n${count} comparisons made, none with a difference\n")
	message(FATAL_ERROR ".github/FOLLOWING.md does not say what the script prints: ${count} comparisons, and how many answers")
endif()

edit(sockopt.json "\"(set 6 1004 4 [0-9a-f]+) 0\"" "\"\\1 -22\"") # TCP_BPF_RTO_MIN
edit(replies.json "\"client_rcv_wnd\":58400" "\"client_rcv_wnd\":58401")
edit(scenarios.json "\"answer\":\"EPERM\"" "\"answer\":\"EBUSY\"")
edit(traces-ipv6.json "\"op\":\"RTO\"" "\"op\":\"RETRANS\"")
file(WRITE ${WORK}/comparisons.log "1: helper 57: here 1, the kernel 0\n1: kernel-diff helpers: cases=426 mismatches=1\n")
run(1 "helpers: 1 answer differs\n  helper 57[^\n]*\n +include/sockops/bpf/helper_table.hpp:[0-9]+: here.57,"
	"sockopt.json: 1 answer differs\n[^\n]*: set TCP_BPF_RTO_MIN, 4 bytes, [0-9a-f]+: was 0, now EINVAL\n +src/hook/sockopt_table.cpp:[0-9]+: .sol::tcp, TCP_BPF_RTO_MIN,"
	"RWND_INIT, programs[^\n]*: client_rcv_wnd was 58400, now 58401\n +include/sockops/bpf/uapi.hpp:[0-9]+: .BPF_SOCK_OPS_RWND_INIT,"
	"was EPERM, now EBUSY\n +include/sockops/cgroup/attach_error.hpp:[0-9]+: ancestor_allows_none,"
	"include/sockops/bpf/uapi.hpp:[0-9]+: .BPF_SOCK_OPS_RTO_CB,"
	"4 differ")

file(REMOVE_RECURSE ${WORK})
file(COPY ${SOURCE_DIR}/tests/kernel/recorded/random.json DESTINATION ${WORK})
run(2 "replies.json: not in " "nothing differs in what was compared; what was not is named above")
