# SPDX-License-Identifier: MIT
# sockops::bpf_testing: unit tests of object files' programs. It exists where sockops::bpf does.
if(NOT TARGET sockops_bpf)
	return()
endif()

file(GLOB bpf_testing_sources CONFIGURE_DEPENDS src/testing/objects/*.cpp)
add_library(sockops_bpf_testing STATIC ${bpf_testing_sources})
add_library(sockops::bpf_testing ALIAS sockops_bpf_testing)
target_sources(sockops_bpf_testing PUBLIC FILE_SET HEADERS BASE_DIRS include
	FILES include/sockops/testing/map_matchers.hpp include/sockops/testing/object_test.hpp)
target_link_libraries(sockops_bpf_testing PUBLIC sockops_bpf sockops_testing PRIVATE ${CMAKE_DL_LIBS})
set_target_properties(sockops_bpf_testing PROPERTIES EXPORT_NAME bpf_testing
	POSITION_INDEPENDENT_CODE ON VERIFY_INTERFACE_HEADER_SETS ON)
sockops_library_code(sockops_bpf_testing)
