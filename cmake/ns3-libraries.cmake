# SPDX-License-Identifier: MIT
# sockops::ns3_libraries: the headers and libraries of ns-3 that an adapted script links, where they are.
# Used by this build and, installed, by find_package(sockops).
#
# Debian's libns3-dev alone is enough. Its find_package(ns3) and ns3-*.pc want further packages
# (ns3, libgsl-dev), so the headers and the five libraries are looked for directly.
if(TARGET sockops::ns3_libraries)
	return()
endif()
find_path(SOCKOPS_NS3_INCLUDE_DIR ns3/tcp-socket-base.h)
mark_as_advanced(SOCKOPS_NS3_INCLUDE_DIR)
set(sockops_ns3_found)
set(sockops_ns3_missing)
if(NOT SOCKOPS_NS3_INCLUDE_DIR)
	list(APPEND sockops_ns3_missing ns3/tcp-socket-base.h)
endif()
foreach(module IN ITEMS point-to-point applications internet network core)
	find_library(SOCKOPS_NS3_${module} NAMES ns3-${module} ns3.37-${module} ns3.37-${module}-default)
	mark_as_advanced(SOCKOPS_NS3_${module})
	if(SOCKOPS_NS3_${module})
		list(APPEND sockops_ns3_found ${SOCKOPS_NS3_${module}})
	else()
		list(APPEND sockops_ns3_missing libns3-${module})
	endif()
endforeach()
if(NOT sockops_ns3_missing)
	add_library(sockops::ns3_libraries INTERFACE IMPORTED GLOBAL)
	set_target_properties(sockops::ns3_libraries PROPERTIES
		INTERFACE_INCLUDE_DIRECTORIES ${SOCKOPS_NS3_INCLUDE_DIR}
		INTERFACE_LINK_LIBRARIES "${sockops_ns3_found}")
endif()
