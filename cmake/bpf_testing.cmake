# SPDX-License-Identifier: MIT
# sockops::bpf_testing: unit tests of object files' programs. It exists where sockops::bpf does.
if(NOT TARGET sockops_bpf)
	return()
endif()

add_library(sockops_bpf_testing STATIC
	src/testing/objects/fault_collector.cpp
	src/testing/objects/ip_text.cpp
	src/testing/objects/object_test.cpp)
add_library(sockops::bpf_testing ALIAS sockops_bpf_testing)
target_sources(sockops_bpf_testing PUBLIC FILE_SET HEADERS BASE_DIRS include
	FILES include/sockops/testing/map_matchers.hpp include/sockops/testing/object_test.hpp)
target_link_libraries(sockops_bpf_testing PUBLIC sockops_bpf sockops_testing)
set_target_properties(sockops_bpf_testing PROPERTIES EXPORT_NAME bpf_testing
	POSITION_INDEPENDENT_CODE ON VERIFY_INTERFACE_HEADER_SETS ON)
sockops_own_code(sockops_bpf_testing)
