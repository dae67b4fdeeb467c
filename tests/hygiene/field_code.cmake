# SPDX-License-Identifier: MIT
# A field read is its load, through the socket if it is the socket's, and its guard: no call, no loop, no
# table. FIELDS: name=loads of it, guard included.
foreach(each IN LISTS FIELDS)
	string(REGEX MATCH "(.*)=(.*)" _ ${each})
	set(field ${CMAKE_MATCH_1})
	set(loads ${CMAKE_MATCH_2})
	execute_process(COMMAND ${OBJDUMP} -d --no-show-raw-insn --disassemble=probe_of_${field} ${BINARY}
		OUTPUT_VARIABLE code RESULT_VARIABLE failed)
	string(REGEX REPLACE ".*<probe_of_${field}>:\n" "" code "${code}")
	if(failed OR NOT code MATCHES "ret")
		message(FATAL_ERROR "no machine code of probe_of_${field} in ${BINARY}")
	endif()
	string(REGEX REPLACE "[^\n]*(nop|endbr64|data16)[^\n]*\n?" "" code "${code}")
	string(REGEX MATCHALL "\\(%r[^\n]*" found "${code}")
	list(LENGTH found count)
	string(REGEX MATCHALL "\t[a-z]+[^\n]*\n" all "${code}\n")
	list(LENGTH all instructions)
	math(EXPR most "2 * ${loads} + 3")
	if(code MATCHES "call" OR NOT count EQUAL loads OR instructions GREATER most)
		message(FATAL_ERROR "${field}: ${count} loads where ${loads} do, ${instructions} instructions:\n${code}")
	endif()
	message(STATUS "${field}: ${count} loads, ${instructions} instructions\n${code}")
endforeach()
