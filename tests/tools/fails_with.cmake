# SPDX-License-Identifier: MIT
# PROGRAM must end with the exit status STATUS, print nothing on stdout, and one message on stderr that matches REASON: a line,
# and indented what belongs to it.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed ERROR_VARIABLE said RESULT_VARIABLE status)
if(NOT status STREQUAL STATUS OR NOT printed STREQUAL "" OR NOT said MATCHES "^[^\n]*\n(  [^\n]*\n)*$" OR NOT said MATCHES "${REASON}")
	message(FATAL_ERROR "${PROGRAM}: exit status ${status}, expected ${STATUS}; printed\n${printed}\nsaid\n${said}\nexpected '${REASON}'")
endif()
