# SPDX-License-Identifier: MIT
# Read by cpack before it begins: without these two a package would name no dependencies, and nobody would be told.
if(CPACK_GENERATOR STREQUAL "DEB")
	find_program(found_dpkg-shlibdeps dpkg-shlibdeps)
	find_program(found_file file)
	if(NOT found_dpkg-shlibdeps OR NOT found_file)
		message(FATAL_ERROR "cpack -G DEB needs dpkg-shlibdeps and file, which are not both installed: "
			"apt-get install dpkg-dev file")
	endif()
endif()
