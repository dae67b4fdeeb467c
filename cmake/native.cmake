# SPDX-License-Identifier: MIT
# sockops::native: BPF programs in C that are compiled for this machine, and the helpers that they call. It exists
# where sockops::bpf does. sockops_native_table writes what native_program.cmake compiles.
if(NOT TARGET sockops_bpf)
	sockops_left_out_as(bpf native)
	return()
endif()

include(${CMAKE_CURRENT_LIST_DIR}/runs_here.cmake)
if(NOT SOCKOPS_RUNS_HERE)
	sockops_left_out("a build for another machine needs CMAKE_CROSSCOMPILING_EMULATOR for it (Debian: qemu-user)" native)
	return()
endif()

# The helpers: a C header and functions, written of the tables in bpf/ and the rules in src/helper.
add_executable(sockops_helper_faces src/native/faces_main.cpp)
target_link_libraries(sockops_helper_faces PRIVATE sockops_map)
sockops_own_code(sockops_helper_faces)
sockops_made_when_used(sockops_helper_faces)
set(SOCKOPS_NATIVE_GENERATED ${PROJECT_BINARY_DIR}/generated/sockops/native CACHE INTERNAL
	"Where the header is that only a build has")
set(helper_defs ${SOCKOPS_NATIVE_GENERATED}/bpf/bpf_helper_defs.h)
set(helper_functions ${PROJECT_BINARY_DIR}/generated/helper_functions.cpp)
file(MAKE_DIRECTORY ${SOCKOPS_NATIVE_GENERATED}/bpf)
add_custom_command(OUTPUT ${helper_defs} COMMAND sockops_helper_faces header ${helper_defs}
	DEPENDS sockops_helper_faces COMMENT "Writing <bpf/bpf_helper_defs.h>" VERBATIM)
add_custom_command(OUTPUT ${helper_functions} COMMAND sockops_helper_faces functions ${helper_functions}
	DEPENDS sockops_helper_faces COMMENT "Writing the helpers of native programs" VERBATIM)
add_custom_target(sockops_helper_defs DEPENDS ${helper_defs})

file(GLOB native_sources CONFIGURE_DEPENDS src/native/*.cpp)
list(FILTER native_sources EXCLUDE REGEX "_main\\.cpp$")
sockops_library(native STATIC SOURCES ${native_sources} ${helper_functions}
	HEADERS sockops/native/native_object.hpp sockops/native/table.h LINKS sockops_bpf)
target_include_directories(sockops_native PRIVATE src)
target_include_directories(sockops_native SYSTEM PRIVATE ${SOCKOPS_LIBBPF_INCLUDE})
add_dependencies(sockops_native sockops_helper_defs)

add_executable(sockops_native_table src/native/table_main.cpp)
add_executable(sockops::native_table ALIAS sockops_native_table)
set_target_properties(sockops_native_table PROPERTIES EXPORT_NAME native_table)
if(BUILD_SHARED_LIBS) # installed, it finds the library's shared form
	file(RELATIVE_PATH from_tools_to_libraries /${CMAKE_INSTALL_LIBEXECDIR}/sockops /${CMAKE_INSTALL_LIBDIR})
	set_target_properties(sockops_native_table PROPERTIES INSTALL_RPATH "$ORIGIN/${from_tools_to_libraries}")
endif()
target_link_libraries(sockops_native_table PRIVATE sockops_native)
sockops_own_code(sockops_native_table)
sockops_made_when_used(sockops_native_table)
