# SPDX-License-Identifier: MIT
# What the target `docs` does, and the test of it: pages for Doxygen, Doxygen, and a look at each link.
#
#   cmake -D DOXYGEN=… -D PYTHON3=… -D SOURCE_DIR=… -D DOCS=… -P build.cmake     DOCS: where Doxyfile is
function(step)
	execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
	if(NOT result EQUAL 0)
		message(FATAL_ERROR "docs: failed (${result}): ${ARGN}")
	endif()
endfunction()
step(${PYTHON3} ${CMAKE_CURRENT_LIST_DIR}/pages.py ${SOURCE_DIR} ${DOCS})
step(${DOXYGEN} ${DOCS}/Doxyfile)
step(${PYTHON3} ${CMAKE_CURRENT_LIST_DIR}/links.py ${DOCS}/html)
message(STATUS "docs: ${DOCS}/html/index.html")
