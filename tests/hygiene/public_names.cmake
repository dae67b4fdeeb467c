# SPDX-License-Identifier: MIT
# What LIBRARIES define directly in namespace sockops is declared there by an installed header: the compiler is asked for
# each name. What is nobody's business stands in the namespace of its room, one of ROOMS. NM lists the symbols; INCLUDE
# has the headers, those that match WITHOUT left out.
include(${CMAKE_CURRENT_LIST_DIR}/asked_names.cmake)
set(names "")
foreach(library IN LISTS LIBRARIES)
	execute_process(COMMAND ${NM} --defined-only --extern-only ${library} OUTPUT_VARIABLE symbols
		ERROR_QUIET RESULT_VARIABLE failed)
	# In a mangled name a namespace or name stands behind its length: _ZN7sockops4rcu_..., _ZTVN7sockops...
	string(REGEX MATCHALL " _Z[A-Z]*N[KVRO]*7sockops[0-9]+[A-Za-z_][A-Za-z_0-9]*" symbols "${symbols}")
	list(LENGTH symbols count)
	if(failed OR count EQUAL 0)
		message(FATAL_ERROR "${library}: no symbols")
	endif()
	foreach(symbol IN LISTS symbols)
		string(REGEX REPLACE ".*7sockops([0-9]+)" "\\1;" symbol "${symbol}")
		list(GET symbol 0 length)
		list(GET symbol 1 name)
		string(SUBSTRING "${name}" 0 ${length} name)
		list(APPEND names ${name})
	endforeach()
endforeach()
list(REMOVE_DUPLICATES names)
list(REMOVE_ITEM names ${ROOMS} _GLOBAL__N_1)
list(SORT names)
list(LENGTH names count)

asked_names(errors sockops ${WORK}/public_names.cpp ${names})
if(errors)
	list(JOIN errors "\n" errors)
	message(FATAL_ERROR "directly in sockops::, and in no installed header:\n${errors}")
endif()
message(STATUS "${count} names directly in sockops::, each declared by an installed header")
