# SPDX-License-Identifier: MIT
# sockops::bpf_testing: unit tests of object files' programs. It exists where sockops::bpf and sockops::testing do.
foreach(need IN ITEMS bpf testing)
	if(NOT TARGET sockops_${need})
		sockops_left_out_as(${need} bpf_testing)
		return()
	endif()
endforeach()

file(GLOB bpf_testing_sources CONFIGURE_DEPENDS src/testing/objects/*.cpp src/testing/judge/*.cpp)
sockops_library(bpf_testing STATIC SOURCES ${bpf_testing_sources}
	HEADERS sockops/testing/map_matchers.hpp sockops/testing/object_test.hpp sockops/testing/text_test.hpp
	LINKS sockops_bpf sockops_testing PRIVATE_LINKS ${CMAKE_DL_LIBS})
