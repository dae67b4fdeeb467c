# SPDX-License-Identifier: MIT
# sockops_native_program(NAME SOURCE [INCLUDES folder…] [DEFINITIONS NAME[=VALUE]…] [OPTIONS option…]
#                        [BPF_OPTIONS option…])
#
# compiles a BPF program in C twice: to NAME.bpf.o, as sockops_bpf_object() does, and with the C compiler of the build,
# with this library's <bpf/bpf_helpers.h> in place of libbpf's. Both compilers get OPTIONS, clang alone BPF_OPTIONS
# (-mcpu=v2). The C compiler warns of nothing, unless OPTIONS has a -W…. Who links the target NAME has the program in
# it: bpf_object::open_native("NAME"), or in place of the object file, whose path is NAME_OBJECT, with
# program_form::native.
#
# SOCKOPS_NATIVE_MISSING: why it cannot, in words, or empty. A call is an error then that says so.
#
# Several sources may use the same names for programs, maps and variables: the linker sees none of them.
if(NOT TARGET sockops::native)
	include(${CMAKE_CURRENT_LIST_DIR}/native.cmake OPTIONAL)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/bpf_object.cmake)
include(CheckLanguage)
check_language(C)
set(SOCKOPS_NATIVE_MISSING "${SOCKOPS_BPF_MISSING}" CACHE INTERNAL "Why sockops_native_program() compiles nothing")
if(NOT TARGET sockops::native)
	get_property(sockops_why_not GLOBAL PROPERTY sockops_why_no_native)
	set_property(CACHE SOCKOPS_NATIVE_MISSING PROPERTY VALUE
		"this build of the library has no sockops::native: ${sockops_why_not}")
elseif(NOT CMAKE_C_COMPILER)
	set_property(CACHE SOCKOPS_NATIVE_MISSING PROPERTY VALUE "there is no C compiler (Debian: gcc)")
elseif(NOT CMAKE_OBJCOPY)
	set_property(CACHE SOCKOPS_NATIVE_MISSING PROPERTY VALUE "objcopy is not installed (Debian: binutils)")
else()
	enable_language(C)
endif()
# In the source tree, or beside lib/cmake/sockops of an installation.
find_path(SOCKOPS_NATIVE_INCLUDE sockops/native/bpf/bpf_helpers.h
	HINTS ${CMAKE_CURRENT_LIST_DIR}/../include ${CMAKE_CURRENT_LIST_DIR}/../../../include
		${CMAKE_CURRENT_LIST_DIR}/../../../../include NO_DEFAULT_PATH)
mark_as_advanced(SOCKOPS_NATIVE_INCLUDE)

function(sockops_native_program name source)
	if(SOCKOPS_NATIVE_MISSING)
		message(FATAL_ERROR "sockops_native_program(${name}): ${SOCKOPS_NATIVE_MISSING}. Where it may be missing, ask "
			"before: if(NOT SOCKOPS_NATIVE_MISSING)")
	endif()
	if(NOT CMAKE_C_COMPILE_OBJECT)
		message(FATAL_ERROR "sockops_native_program(${name}): it compiles C, which this project has not enabled: "
			"project(… LANGUAGES C CXX)")
	endif()
	sockops_compile_arguments(sockops_native_program ${name} ${ARGN})
	cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
	sockops_bpf_object(${name} ${source} ${ARGN})
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
	if(TARGET sockops_helper_defs) # in a build of the library; an installation has it beside the others
		target_include_directories(${name}_code BEFORE PRIVATE ${SOCKOPS_NATIVE_GENERATED})
		add_dependencies(${name}_code sockops_helper_defs)
	endif()
	target_include_directories(${name}_code PRIVATE ${includes})
	target_compile_definitions(${name}_code PRIVATE ${definitions})
	# What the folder says of warnings is meant for other code than a BPF program.
	if(NOT "${options}" MATCHES "(^|;)-W")
		target_compile_options(${name}_code PRIVATE -w)
	endif()
	target_compile_options(${name}_code PRIVATE -g -gdwarf-4 ${options}) # addr2line of binutils 2.40 misreads DWARF 5
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
