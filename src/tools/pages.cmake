# SPDX-License-Identifier: MIT
# sockops_tool_pages(TOOL): its man page and its completion, which it writes itself, and what of it is installed.
include(${PROJECT_SOURCE_DIR}/cmake/runs_here.cmake)
set(SOCKOPS_TOOL_PAGES ${CMAKE_CURRENT_BINARY_DIR}/share CACHE INTERNAL "Where man pages and completion are")
if(NOT SOCKOPS_RUNS_HERE)
	sockops_left_out("a build for another machine needs CMAKE_CROSSCOMPILING_EMULATOR, to run what it makes"
		"man pages and completion of tools")
endif()

function(sockops_tool_pages tool)
	if(SOCKOPS_INSTALL)
		install(TARGETS ${tool} RUNTIME COMPONENT tools)
	endif()
	if(NOT SOCKOPS_RUNS_HERE)
		return()
	endif()
	set(page ${SOCKOPS_TOOL_PAGES}/man/man1/${tool}.1)
	set(completion ${SOCKOPS_TOOL_PAGES}/bash-completion/completions/${tool})
	file(MAKE_DIRECTORY ${SOCKOPS_TOOL_PAGES}/man/man1 ${SOCKOPS_TOOL_PAGES}/bash-completion/completions)
	add_custom_command(OUTPUT ${page} ${completion}
		COMMAND sh -c "\"$@\" man > ${page} && \"$@\" bash > ${completion}"
			sh ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:${tool}> --generate
		DEPENDS ${tool} COMMENT "Writing the man page and the completion of ${tool}" VERBATIM)
	add_custom_target(${tool}-pages ALL DEPENDS ${page} ${completion})
	if(SOCKOPS_INSTALL)
		if(tool STREQUAL "sockops-run") # whose --timeline and --json name them
			install(FILES ${PROJECT_SOURCE_DIR}/tests/timelines/FORMAT.md
				${CMAKE_CURRENT_SOURCE_DIR}/sockops_run/sockops-run.schema.json DESTINATION ${CMAKE_INSTALL_DOCDIR}
				COMPONENT tools)
		endif()
		install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tools)
		install(FILES ${completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
			COMPONENT tools)
	endif()
endfunction()
