# SPDX-License-Identifier: MIT
# sockops::ns3, the header-only adapter, where ns-3 is found.
#
# Debian's libns3-dev alone is enough. Its find_package(ns3) and ns3-*.pc want further packages
# (ns3, libgsl-dev), so the headers and the five libraries are looked for directly.
find_path(SOCKOPS_NS3_INCLUDE_DIR ns3/tcp-socket-base.h)
mark_as_advanced(SOCKOPS_NS3_INCLUDE_DIR)
set(ns3_libraries)
set(ns3_missing)
if(NOT SOCKOPS_NS3_INCLUDE_DIR)
	list(APPEND ns3_missing ns3/tcp-socket-base.h)
endif()
foreach(module IN ITEMS point-to-point applications internet network core)
	find_library(SOCKOPS_NS3_${module} NAMES ns3-${module} ns3.37-${module} ns3.37-${module}-default)
	mark_as_advanced(SOCKOPS_NS3_${module})
	if(SOCKOPS_NS3_${module})
		list(APPEND ns3_libraries ${SOCKOPS_NS3_${module}})
	else()
		list(APPEND ns3_missing libns3-${module})
	endif()
endforeach()
if(ns3_missing)
	list(JOIN ns3_missing ", " ns3_missing)
	message(STATUS "ns-3 not found (${ns3_missing}): no sockops::ns3, its example or tests. "
		"Debian: apt-get install libns3-dev")
	return()
endif()

add_library(sockops_ns3 INTERFACE)
add_library(sockops::ns3 ALIAS sockops_ns3)
set_target_properties(sockops_ns3 PROPERTIES EXPORT_NAME ns3 VERIFY_INTERFACE_HEADER_SETS ON)
file(GLOB ns3_headers CONFIGURE_DEPENDS include/sockops/ns3/*.hpp)
target_sources(sockops_ns3 INTERFACE FILE_SET HEADERS BASE_DIRS include FILES ${ns3_headers})
target_link_libraries(sockops_ns3 INTERFACE sockops)
# Where ns-3 lies is known to this build only: an installed sockops::ns3 names no path of it. Whoever
# uses that has an ns-3 script, and so links ns-3 already.
target_include_directories(sockops_ns3 SYSTEM INTERFACE $<BUILD_INTERFACE:${SOCKOPS_NS3_INCLUDE_DIR}>)
target_link_libraries(sockops_ns3 INTERFACE "$<BUILD_INTERFACE:${ns3_libraries}>")
