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

# Object files can be attached where sockops::bpf is; a script that attaches none takes nothing of it.
sockops_headers(ns3_headers ns3/*.hpp)
set(ns3_links sockops sockops::ns3_libraries)
if(TARGET sockops_bpf)
	list(APPEND ns3_links sockops_bpf)
else()
	list(FILTER ns3_headers EXCLUDE REGEX "/sock_ops_object\\.hpp$")
	sockops_left_out_as(bpf "object files in ns-3 scripts")
endif()
# Where ns-3 lies is found anew by whoever uses an installed sockops::ns3.
sockops_library(ns3 INTERFACE HEADERS ${ns3_headers} LINKS ${ns3_links})
if(TARGET sockops_bpf)
	target_compile_definitions(sockops_ns3 INTERFACE SOCKOPS_NS3_WITH_OBJECTS)
endif()
