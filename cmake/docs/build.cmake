# SPDX-License-Identifier: MIT
# What the target `docs` does, and the test of it: pages for Doxygen, its layout, Doxygen, and a look at each link.
#
#   cmake -D DOXYGEN=… -D PYTHON3=… -D SOURCE_DIR=… -D DOCS=… -P build.cmake     DOCS: where Doxyfile is
function(step)
	execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
	if(NOT result EQUAL 0)
		message(FATAL_ERROR "docs: failed (${result}): ${ARGN}")
	endif()
endfunction()
step(${PYTHON3} ${CMAKE_CURRENT_LIST_DIR}/pages.py ${SOURCE_DIR} ${DOCS})
# Doxygen's own layout; but a description stands before the list of members, and what C++ has not is left out.
step(${DOXYGEN} -l ${DOCS}/layout.xml)
file(READ ${DOCS}/layout.xml layout)
string(REPLACE "    <detaileddescription title=\"\"/>\n" "" changed "${layout}")
string(REPLACE "<briefdescription visible=\"yes\"/>" "<detaileddescription title=\"\"/>" changed "${changed}")
string(REGEX REPLACE "(<tab type=\"(modules|interfaces|structs|exceptions|examples)\" visible=)\"yes\"" "\\1\"no\""
	changed "${changed}")
string(REGEX MATCHALL "<detaileddescription title=\"\"/>" before "${layout}")
string(REGEX MATCHALL "<detaileddescription title=\"\"/>" after "${changed}")
if(NOT before STREQUAL after OR before STREQUAL "" OR changed MATCHES "briefdescription visible")
	message(FATAL_ERROR "docs: the layout of this Doxygen is another than that of 1.9.4: ${DOCS}/layout.xml")
endif()
file(WRITE ${DOCS}/layout.xml "${changed}")
step(${DOXYGEN} ${DOCS}/Doxyfile)
step(${PYTHON3} ${CMAKE_CURRENT_LIST_DIR}/links.py ${DOCS}/html)
message(STATUS "docs: ${DOCS}/html/index.html")
