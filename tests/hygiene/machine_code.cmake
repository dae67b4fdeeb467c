# SPDX-License-Identifier: MIT
# The way of a dispatch has no lock prefix, no exchange or fence, no TLS call or guard.
execute_process(COMMAND ${OBJDUMP} -d --no-show-raw-insn --disassemble=dispatch_probe ${BINARY}
	OUTPUT_VARIABLE code RESULT_VARIABLE failed)
if(failed OR NOT code MATCHES "<dispatch_probe>:")
	message(FATAL_ERROR "no machine code of dispatch_probe in ${BINARY}")
endif()
if(NOT code MATCHES "%fs:")
	message(FATAL_ERROR "the thread word is not reached through %fs:\n${code}")
endif()
foreach(forbidden IN ITEMS "[ \t]lock[ \t]" "xchg" "[lsm]fence" "__tls_get_addr" "__cxa_guard" "__tls_init" "_ZTW" "_ZTH"
		"pthread")
	if(code MATCHES "${forbidden}")
		message(FATAL_ERROR "a dispatch contains '${CMAKE_MATCH_0}':\n${code}")
	endif()
endforeach()
string(REGEX MATCHALL "call[^\n]*" calls "${code}")
list(LENGTH calls count)
message(STATUS "calls on the way of a dispatch (one is the program, the others are cold): ${count}")
foreach(call IN LISTS calls)
	message(STATUS "  ${call}")
endforeach()
