# SPDX-License-Identifier: MIT
# sockops::ns3, the header-only adapter, where ns-3 is found.
include(${CMAKE_CURRENT_LIST_DIR}/ns3-libraries.cmake)
if(NOT TARGET sockops::ns3_libraries)
	list(JOIN sockops_ns3_missing ", " missing)
	message(STATUS "ns-3 not found (${missing}): no sockops::ns3, its example or tests. "
		"Debian: apt-get install libns3-dev")
	return()
endif()

add_library(sockops_ns3 INTERFACE)
add_library(sockops::ns3 ALIAS sockops_ns3)
set_target_properties(sockops_ns3 PROPERTIES EXPORT_NAME ns3 VERIFY_INTERFACE_HEADER_SETS ON)
file(GLOB ns3_headers CONFIGURE_DEPENDS include/sockops/ns3/*.hpp)
target_sources(sockops_ns3 INTERFACE FILE_SET HEADERS BASE_DIRS include FILES ${ns3_headers})
# Where ns-3 lies is found anew by whoever uses an installed sockops::ns3.
target_link_libraries(sockops_ns3 INTERFACE sockops sockops::ns3_libraries)
