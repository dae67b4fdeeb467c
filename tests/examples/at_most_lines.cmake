# SPDX-License-Identifier: MIT
file(READ ${FILE} text)
string(REGEX MATCHALL "\n" ends "${text}")
list(LENGTH ends lines)
if(lines GREATER ${MOST})
	message(FATAL_ERROR "${FILE} has ${lines} lines; it promises at most ${MOST}")
endif()
