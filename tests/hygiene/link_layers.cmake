# SPDX-License-Identifier: MIT
# What a layer declares it defines itself, or one below does: no object file needs a symbol of a layer above.
include(${CMAKE_CURRENT_LIST_DIR}/layer_names.cmake)
set(symbols 0)
set(wrong "")
foreach(wanted IN ITEMS defined undefined) # all that are defined, then who needs them
	foreach(object IN LISTS OBJECTS)
		if(NOT object MATCHES "\\.dir/(\\./)?src/([a-z0-9_]+)/")
			continue() # made in the build
		endif()
		set(layer ${CMAKE_MATCH_2})
		list(FIND layers ${layer} rank)
		execute_process(COMMAND ${NM} -P --extern-only --${wanted}-only ${object}
			OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY)
		string(REGEX MATCHALL "_ZNK?7sockops[^ \n]* [BDRTU]" lines "${lines}") # not weak ones, which stand everywhere
		foreach(line IN LISTS lines)
			string(REGEX REPLACE " .*" "" name ${line})
			if(wanted STREQUAL defined)
				set(rank_of_${name} ${rank})
				math(EXPR symbols "${symbols} + 1")
			elseif(DEFINED rank_of_${name} AND rank_of_${name} GREATER rank)
				list(GET layers ${rank_of_${name}} above)
				list(APPEND wrong "${object}: ${name}, which ${above} defines")
			endif()
		endforeach()
	endforeach()
endforeach()
if(wrong OR symbols LESS 300)
	list(JOIN wrong "\n  " text)
	message(FATAL_ERROR "of ${symbols} symbols these are needed from below:\n  ${text}")
endif()
message(STATUS "${symbols} symbols are needed only in their layer and above")
