# SPDX-License-Identifier: MIT
# sockops_native_program(NAME SOURCE): compiles a BPF program in C twice: to NAME.bpf.o, as sockops_bpf_object() does, and
# with the C compiler of the build, with this library's <bpf/bpf_helpers.h> in place of libbpf's. Who links the
# target NAME has the program in it: native_object::open("NAME"), and NAME_OBJECT is the path of the object file.
#
# Several sources may use the same names for programs, maps and variables: the linker sees none of them.
if(NOT TARGET sockops::native)
	include(${CMAKE_CURRENT_LIST_DIR}/native.cmake OPTIONAL)
endif()
if(NOT TARGET sockops::native)
	return()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/bpf_object.cmake)
include(CheckLanguage)
check_language(C)
if(NOT CMAKE_C_COMPILER)
	message(STATUS "sockops: no sockops_native_program(), there is no C compiler")
	return()
endif()
enable_language(C)
# In the source tree, or beside lib/cmake/sockops of an installation.
find_path(SOCKOPS_NATIVE_INCLUDE sockops/native/bpf/bpf_helpers.h
	HINTS ${CMAKE_CURRENT_LIST_DIR}/../include ${CMAKE_CURRENT_LIST_DIR}/../../../include
		${CMAKE_CURRENT_LIST_DIR}/../../../../include NO_DEFAULT_PATH)
mark_as_advanced(SOCKOPS_NATIVE_INCLUDE)

function(sockops_native_program name source)
	if(NOT CMAKE_C_COMPILE_OBJECT)
		message(FATAL_ERROR "sockops_native_program(${name}): it compiles C, which this project has not enabled: "
			"project(… LANGUAGES C CXX)")
	endif()
	cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
	sockops_bpf_object(${name} ${source})
	set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.bpf.o)
	set(code ${CMAKE_CURRENT_BINARY_DIR}/${name}.native.c)
	add_custom_command(OUTPUT ${code}
		COMMAND sockops::native_table ${name} ${source} ${object} ${code}
		DEPENDS sockops::native_table ${object}
		COMMENT "Listing what is in BPF program ${name}" VERBATIM)
	# The object file is included by the assembler, which tells nobody.
	set_source_files_properties(${code} PROPERTIES OBJECT_DEPENDS ${object})
	add_library(${name}_code OBJECT ${code})
	target_include_directories(${name}_code BEFORE PRIVATE
		${SOCKOPS_NATIVE_INCLUDE}/sockops/native ${SOCKOPS_NATIVE_INCLUDE})
	target_compile_options(${name}_code PRIVATE -Wall -Wextra -g)
	set_target_properties(${name}_code PROPERTIES POSITION_INDEPENDENT_CODE ON
		INTERPROCEDURAL_OPTIMIZATION OFF) # objcopy hides names in machine code
	if(SOCKOPS_SANITIZE)
		target_compile_options(${name}_code PRIVATE -fsanitize=${SOCKOPS_SANITIZE}
			-fno-sanitize-recover=all -fno-omit-frame-pointer)
	endif()

	set(hidden ${CMAKE_CURRENT_BINARY_DIR}/${name}.native.o)
	add_custom_command(OUTPUT ${hidden}
		COMMAND ${CMAKE_OBJCOPY} --keep-global-symbol=no_symbol_of_a_program
			$<TARGET_OBJECTS:${name}_code> ${hidden}
		DEPENDS ${name}_code $<TARGET_OBJECTS:${name}_code> VERBATIM)
	add_custom_target(${name}_hidden DEPENDS ${hidden})
	add_dependencies(${name} ${name}_hidden)
	target_link_libraries(${name} INTERFACE ${hidden} sockops::native)
	set_property(TARGET ${name} APPEND PROPERTY INTERFACE_LINK_DEPENDS ${hidden})
endfunction()
