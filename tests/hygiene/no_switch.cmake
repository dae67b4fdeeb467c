# SPDX-License-Identifier: MIT
# What ships can be told to do nothing wrong: its headers offer no switch, and all that its libraries can write to is
# known (writable_data.txt), so that there is no place for a switch or a counter. LIBRARIES: archives or shared.
# HEADERS: the folder sockops/ of an include directory.
cmake_minimum_required(VERSION 3.23)
file(GLOB_RECURSE headers ${HEADERS}/*.hpp ${HEADERS}/*.h)
list(LENGTH headers count)
set(wrong "")
foreach(header IN LISTS headers)
	file(STRINGS ${header} lines REGEX "outside tests|[a-z]_faults?\\(|[a-z]_faults\\.hpp|fail_allocations|attach_work|wrong_rule|mutant")
	list(FILTER lines EXCLUDE REGEX "bpf_prog_faults|bpf_fault|_last_fault")
	foreach(line IN LISTS lines)
		list(APPEND wrong "${header}: ${line}")
	endforeach()
endforeach()
if(count LESS 100)
	message(FATAL_ERROR "only ${count} headers in ${HEADERS}")
endif()

file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/writable_data.txt known REGEX "^[^# ]")
set(found "")
foreach(library IN LISTS LIBRARIES)
	# address, flags, section, size, name; constants with relocations are in .data.rel.ro
	execute_process(COMMAND ${OBJDUMP} -tC ${library}
		COMMAND grep -E " \\.(bss|data|tbss|tdata)[^	]*	.*::" COMMAND grep -v "\\.data\\.rel\\.ro"
		OUTPUT_VARIABLE lines RESULTS_VARIABLE failed)
	if(NOT failed STREQUAL "0;0;0")
		message(FATAL_ERROR "${OBJDUMP} finds nothing writable in ${library}")
	endif()
	string(REGEX REPLACE "[;\n]" ";" lines "${lines}")
	list(REMOVE_ITEM lines "")
	foreach(line IN LISTS lines)
		string(REGEX REPLACE "^[^\t]*\t[0-9a-f]+ +(\\.hidden )?" "" name "${line}")
		if(name MATCHES "^guard variable for |^sockops_libbpf_")
			continue() # of a static that is listed; the private libbpf's own
		endif()
		list(APPEND found "${name}")
		if(NOT name IN_LIST known)
			list(APPEND wrong "${library}: ${name}")
		endif()
	endforeach()
endforeach()
list(REMOVE_DUPLICATES found)
list(LENGTH found data)
if(wrong OR data LESS 10)
	list(JOIN wrong "\n  " text)
	message(FATAL_ERROR "${data} writable data, ${count} headers. A switch, or not in writable_data.txt:\n  ${text}")
endif()
message(STATUS "${count} headers, ${data} writable data in ${LIBRARIES}: all known")
