# SPDX-License-Identifier: MIT
# COMPILERS: the build's, and where all is to be tested the others, too.
if(NOT DEFINED ENV{SOCKOPS_ALL})
	list(GET COMPILERS 0 COMPILERS)
endif()
