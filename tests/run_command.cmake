# SPDX-License-Identifier: MIT
# run(COMMAND…): for scripts of tests. One that fails ends the script with all that it printed; else that is in `text`.
function(run)
	execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE text ERROR_VARIABLE text)
	if(failed)
		list(JOIN ARGN " " command)
		message(FATAL_ERROR "${command}\n${text}")
	endif()
	set(text "${text}" PARENT_SCOPE)
endfunction()
