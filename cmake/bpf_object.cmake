# SPDX-License-Identifier: MIT
# BPF programs in C, compiled with the build where clang and libbpf (1.0 or newer) are found.
#
# SOCKOPS_BPF_MISSING: why they are not, in words; empty if they are.
#
# sockops_bpf_object(NAME SOURCE [INCLUDES folder…] [DEFINITIONS NAME[=VALUE]…] [OPTIONS option…])
#
# compiles SOURCE to NAME.bpf.o, with BTF. OPTIONS are clang's; of warnings there are those that it gives unasked.
# Folders count from the current source folder. Who links the target NAME gets libbpf and the macro NAME_OBJECT
# (in upper case), the path of the object as a string; and is built after it. The object is compiled anew when SOURCE
# or a header of it changes. Where SOCKOPS_BPF_MISSING is not empty a call is an error that says so.

find_program(SOCKOPS_BPF_CLANG NAMES clang clang-14 clang-15 clang-16 clang-17 clang-18 clang-19
	DOC "The clang that compiles BPF programs; g++ compiles the rest all the same")
include(${CMAKE_CURRENT_LIST_DIR}/libbpf.cmake)

# In the cache, so that the project which takes this one as a subdirectory sees it.
set(SOCKOPS_BPF_MISSING "${SOCKOPS_LIBBPF_MISSING}" CACHE INTERNAL "Why sockops_bpf_object() compiles nothing")
if(NOT SOCKOPS_BPF_CLANG)
	set_property(CACHE SOCKOPS_BPF_MISSING PROPERTY VALUE
		"clang is not installed (Debian: clang), and SOCKOPS_BPF_CLANG has no path of one")
endif()

# What follows SOURCE, as options of a compiler in the variables `includes`, `definitions`, `options` and
# `more_options` (BPF_OPTIONS, which sockops_native_program() has).
macro(sockops_compile_arguments function name)
	cmake_parse_arguments(arg "" "" "INCLUDES;DEFINITIONS;OPTIONS;BPF_OPTIONS" ${ARGN})
	if(arg_UNPARSED_ARGUMENTS)
		message(FATAL_ERROR "${function}(${name}): '${arg_UNPARSED_ARGUMENTS}' is none of INCLUDES, DEFINITIONS and "
			"OPTIONS, which come after the one source")
	endif()
	set(includes "")
	foreach(folder IN LISTS arg_INCLUDES)
		cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
		list(APPEND includes ${folder})
	endforeach()
	list(TRANSFORM arg_DEFINITIONS REPLACE "^-D" "" OUTPUT_VARIABLE definitions)
	set(options ${arg_OPTIONS})
	set(more_options ${arg_BPF_OPTIONS})
endmacro()

function(sockops_bpf_object name source)
	if(SOCKOPS_BPF_MISSING)
		message(FATAL_ERROR "sockops_bpf_object(${name}): ${SOCKOPS_BPF_MISSING}. Where it may be missing, ask before: "
			"if(NOT SOCKOPS_BPF_MISSING)")
	endif()
	sockops_compile_arguments(sockops_bpf_object ${name} ${ARGN})
	list(TRANSFORM includes PREPEND -I)
	list(TRANSFORM definitions PREPEND -D)
	cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
	set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.bpf.o)
	# <asm/types.h> of Debian is in the folder of the machine, which -target bpf does not search.
	set(machine_headers "")
	if(CMAKE_LIBRARY_ARCHITECTURE)
		set(machine_headers -idirafter /usr/include/${CMAKE_LIBRARY_ARCHITECTURE})
	endif()
	set(libbpf_headers "")
	if(NOT SOCKOPS_LIBBPF_INCLUDE IN_LIST CMAKE_C_IMPLICIT_INCLUDE_DIRECTORIES
			AND NOT SOCKOPS_LIBBPF_INCLUDE IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
		set(libbpf_headers -I${SOCKOPS_LIBBPF_INCLUDE})
	endif()
	add_custom_command(OUTPUT ${object}
		COMMAND ${SOCKOPS_BPF_CLANG} -target bpf -mcpu=v3 -O2 -g ${definitions} ${options} ${more_options}
			${includes} ${libbpf_headers} ${machine_headers} -MD -MF ${object}.d -c ${source} -o ${object}
		DEPENDS ${source}
		DEPFILE ${object}.d
		COMMENT "Compiling BPF program ${name}" VERBATIM)
	add_custom_target(${name}_compiled DEPENDS ${object})
	set_property(GLOBAL APPEND PROPERTY sockops_bpf_objects ${name})
	add_library(${name} INTERFACE)
	add_dependencies(${name} ${name}_compiled)
	string(TOUPPER ${name} upper_name)
	target_compile_definitions(${name} INTERFACE ${upper_name}_OBJECT="${object}")
	target_link_libraries(${name} INTERFACE sockops::libbpf)
endfunction()
