# SPDX-License-Identifier: MIT
# PROGRAM must succeed and print exactly what EXPECTED holds.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed RESULT_VARIABLE status)
file(READ ${EXPECTED} expected)
if(NOT status EQUAL 0 OR NOT printed STREQUAL expected)
	message(FATAL_ERROR "${PROGRAM}: exit status ${status}, printed\n${printed}\n--- expected\n${expected}")
endif()
