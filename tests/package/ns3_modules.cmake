# SPDX-License-Identifier: MIT
# sockops_ns3_modules() of an installed library: some by name, all, and one that is not there.
include(${CMAKE_CURRENT_LIST_DIR}/../run_command.cmake)

file(REMOVE_RECURSE ${WORK_DIR})
run(${CMAKE_COMMAND} --install ${LIBRARY_BUILD} --prefix ${WORK_DIR}/prefix)
set(configure ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/ns3_modules -B ${WORK_DIR}/build -G Ninja
	-D CMAKE_BUILD_TYPE=Debug -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}
	-D CMAKE_PREFIX_PATH=${WORK_DIR}/prefix)
run(${configure})
run(${CMAKE_COMMAND} --build ${WORK_DIR}/build)
foreach(program IN ITEMS some every)
	run(${WORK_DIR}/build/${program})
	if(NOT text STREQUAL "2 devices, 2 and 3 leaves, flow monitor there\n")
		message(FATAL_ERROR "${program} printed '${text}'")
	endif()
endforeach()
execute_process(COMMAND ${configure} -D MODULE=flowmonitor RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE said)
string(REGEX REPLACE "[ \n]+" " " said "${said}")
if(failed EQUAL 0 OR NOT said MATCHES "sockops_ns3_modules.some.: there is no module 'flowmonitor' beside [^ ]*ns3[^ ]*core[^ ]*[.] There are: .*csma .*flow-monitor .*stats")
	message(FATAL_ERROR "a module that is not there: ${failed}, ${said}")
endif()
