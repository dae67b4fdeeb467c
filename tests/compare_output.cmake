# SPDX-License-Identifier: MIT
# PROGRAM must succeed (or end with the exit status STATUS) and print exactly what EXPECTED holds.
if(NOT DEFINED STATUS)
	set(STATUS 0)
endif()
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed RESULT_VARIABLE status)
file(READ ${EXPECTED} expected)
if(NOT status STREQUAL STATUS OR NOT printed STREQUAL expected)
	message(FATAL_ERROR "${PROGRAM}: exit status ${status}, printed\n${printed}\n--- expected\n${expected}")
endif()
