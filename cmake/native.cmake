# SPDX-License-Identifier: MIT
# sockops::native: BPF programs in C that are compiled for this machine, and the helpers that they call. It exists
# where sockops::bpf does. sockops_native_table writes what native_program.cmake compiles.
if(NOT TARGET sockops_bpf)
	return()
endif()

file(GLOB native_sources CONFIGURE_DEPENDS src/native/*.cpp)
list(FILTER native_sources EXCLUDE REGEX "_main\\.cpp$")
add_library(sockops_native STATIC ${native_sources})
add_library(sockops::native ALIAS sockops_native)
target_sources(sockops_native PUBLIC FILE_SET HEADERS BASE_DIRS include
	FILES include/sockops/native/native_object.hpp include/sockops/native/table.h)
target_include_directories(sockops_native SYSTEM PRIVATE ${libbpf_INCLUDE_DIRS})
target_link_libraries(sockops_native PUBLIC sockops_bpf)
set_target_properties(sockops_native PROPERTIES EXPORT_NAME native
	POSITION_INDEPENDENT_CODE ON VERIFY_INTERFACE_HEADER_SETS ON)
sockops_own_code(sockops_native)

add_executable(sockops_native_table src/native/table_main.cpp)
add_executable(sockops::native_table ALIAS sockops_native_table)
set_target_properties(sockops_native_table PROPERTIES EXPORT_NAME native_table)
target_link_libraries(sockops_native_table PRIVATE PkgConfig::libbpf)
target_compile_features(sockops_native_table PRIVATE cxx_std_20)
sockops_own_code(sockops_native_table)
