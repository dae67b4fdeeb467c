# SPDX-License-Identifier: MIT
# One run of sockops-exec: PROGRAM is it, INPUT its standard input (or ELF: a file whose bytes are), ARGUMENTS are
# parted by '|'.
# EXPECTED matches what it prints; with FAILS, what it prints on standard error, and its status is 1.
if(ELF)
	file(READ ${ELF} INPUT HEX)
	string(REGEX REPLACE "(..)" "\\1 " INPUT "${INPUT}")
endif()
string(REPLACE "|" ";" ARGUMENTS "${ARGUMENTS}")
file(WRITE ${WORK} "${INPUT}\n")
execute_process(COMMAND ${PROGRAM} ${ARGUMENTS} INPUT_FILE ${WORK}
	OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE status)
file(REMOVE ${WORK})
if(FAILS)
	if(NOT status EQUAL 1 OR NOT errors MATCHES "${EXPECTED}" OR NOT output STREQUAL "")
		message(FATAL_ERROR "status ${status}, not 1; expected '${EXPECTED}' in '${errors}', and no output: '${output}'")
	endif()
elseif(NOT status EQUAL 0 OR NOT output MATCHES "${EXPECTED}" OR NOT errors STREQUAL "")
	message(FATAL_ERROR "status ${status}, not 0; expected '${EXPECTED}' in '${output}'; errors: '${errors}'")
endif()
