# SPDX-License-Identifier: MIT
# Read by cpack before it begins: without these two a package would name no dependencies, and nobody would be told.
if(CPACK_GENERATOR STREQUAL "DEB")
	foreach(tool IN ITEMS dpkg-shlibdeps:dpkg-dev file:file)
		string(REPLACE ":" ";" tool "${tool}")
		list(GET tool 0 name)
		list(GET tool 1 package)
		find_program(found_${name} ${name})
		if(NOT found_${name})
			message(FATAL_ERROR "cpack -G DEB needs ${name}, which is not installed (Debian: ${package})")
		endif()
	endforeach()
endif()
