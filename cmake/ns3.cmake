# SPDX-License-Identifier: MIT
# sockops::ns3, the header-only adapter, where ns-3 is found.
include(${CMAKE_CURRENT_LIST_DIR}/ns3-libraries.cmake)
if(NOT TARGET sockops::ns3_libraries)
	set(missing "not installed")
	if(sockops_ns3_found) # in part
		list(JOIN sockops_ns3_missing ", " missing)
		set(missing "without ${missing}")
	endif()
	sockops_left_out("ns-3 is ${missing} (Debian: libns3-dev)" ns3)
	return()
endif()

sockops_headers(ns3_headers ns3/*.hpp)
# Where ns-3 lies is found anew by whoever uses an installed sockops::ns3.
sockops_library(ns3 INTERFACE HEADERS ${ns3_headers} LINKS sockops sockops::ns3_libraries)
