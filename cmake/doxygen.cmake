# SPDX-License-Identifier: MIT
# The API reference, target `docs`: Doxygen's HTML in docs/html of the build tree, from the comments of the public
# headers and from the rooms' pages. A warning fails it. Needs doxygen and python3 (Debian's packages of these names);
# nothing is compiled for it.
find_program(DOXYGEN_PROGRAM doxygen)
find_program(PYTHON3_PROGRAM python3)
mark_as_advanced(DOXYGEN_PROGRAM PYTHON3_PROGRAM)
if(DOXYGEN_PROGRAM AND PYTHON3_PROGRAM)
	set(docs ${PROJECT_BINARY_DIR}/docs)
	configure_file(cmake/docs/Doxyfile.in ${docs}/Doxyfile @ONLY)
	set(sockops_make_docs ${CMAKE_COMMAND} -D DOXYGEN=${DOXYGEN_PROGRAM} -D PYTHON3=${PYTHON3_PROGRAM}
		-D SOURCE_DIR=${PROJECT_SOURCE_DIR} -D DOCS=${docs} -P ${PROJECT_SOURCE_DIR}/cmake/docs/build.cmake)
	add_custom_target(docs COMMAND ${sockops_make_docs} VERBATIM)
else()
	add_custom_target(docs VERBATIM
		COMMAND ${CMAKE_COMMAND} -E echo "docs: needs doxygen and python3: apt-get install doxygen python3, and configure again"
		COMMAND ${CMAKE_COMMAND} -E false)
endif()
