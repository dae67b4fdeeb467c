# SPDX-License-Identifier: MIT
# Of the header in SOURCE, comments.py says what the marks in it say ("// lacks: …; …"), and no more.
#
#   cmake -D DOXYGEN=… -D PYTHON3=… -D COMMENTS=… -D SOURCE=… -D FILTER=… -D WORK=… -P lacking.cmake
file(MAKE_DIRECTORY ${WORK})
file(WRITE ${WORK}/Doxyfile "INPUT = ${SOURCE}
FILE_PATTERNS = *.hpp
RECURSIVE = YES
STRIP_FROM_PATH = ${SOURCE}
OUTPUT_DIRECTORY = ${WORK}
EXTRACT_ALL = YES
FILTER_PATTERNS = \"*.hpp=sed -f ${FILTER}\"
ALIASES = \"context=@par Context^^\"
GENERATE_HTML = NO
GENERATE_LATEX = NO
GENERATE_XML = YES
QUIET = YES
")
execute_process(COMMAND ${DOXYGEN} ${WORK}/Doxyfile COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${PYTHON3} ${COMMENTS} ${WORK}/xml ${SOURCE} OUTPUT_VARIABLE said RESULT_VARIABLE result)

set(expected "")
set(count 0)
set(file sockops/room/lacking.hpp)
file(STRINGS ${SOURCE}/${file} lines)
set(at 0)
file(READ ${SOURCE}/${file} text)
string(REPLACE ";" "<and>" text "${text}")
string(REPLACE "\n" ";" lines "${text}")
foreach(line IN LISTS lines)
	math(EXPR at "${at} + 1")
	if(line MATCHES "([a-z_]+)\\(\\).*// lacks: (.*)$")
		set(name ${CMAKE_MATCH_1})
		string(REPLACE "<and> " ";" marks "${CMAKE_MATCH_2}")
		if(line MATCHES "^\t")
			set(name sockops::counter::${name})
		endif()
		foreach(mark IN LISTS marks)
			string(APPEND expected "include/${file}:${at}: ${name}() lacks ${mark}\n")
			math(EXPR count "${count} + 1")
		endforeach()
	endif()
endforeach()
string(REGEX REPLACE "[^\n]*public functions[^\n]*\n$" "" said_of_each "${said}")
if(NOT said_of_each STREQUAL expected OR count LESS 6 OR result EQUAL 0)
	message(FATAL_ERROR "comments.py (exit status ${result}) said\n${said}in place of\n${expected}")
endif()
