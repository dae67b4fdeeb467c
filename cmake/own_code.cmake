# SPDX-License-Identifier: MIT
# What a target of this project is compiled with. Never those who use it.
option(SOCKOPS_PRECOMPILED_HEADERS "Precompile headers: for a build that is made once" OFF)

# Warnings and sanitizers.
function(sockops_own_code target)
	target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
	if(SOCKOPS_WERROR)
		target_compile_options(${target} PRIVATE -Werror)
	endif()
	if(SOCKOPS_SANITIZE)
		target_compile_options(${target} PRIVATE -fsanitize=${SOCKOPS_SANITIZE}
			-fno-sanitize-recover=all -fno-omit-frame-pointer)
		target_link_options(${target} PRIVATE -fsanitize=${SOCKOPS_SANITIZE})
	endif()
endfunction()

# sockops_quickly_compiled(TARGET): of code that is not in the library, and whose speed is nobody's subject.
function(sockops_quickly_compiled target)
	if(CMAKE_BUILD_TYPE STREQUAL Release)
		target_compile_options(${target} PRIVATE -O0)
	endif()
endfunction()

# sockops_precompiled(TARGET NAME HEADERS … [LIBRARIES …]): TARGET, whose options are set, includes the headers of these
# libraries precompiled, if that is wanted; as all targets of the same NAME, which have the same options.
# A compiler cache keeps nothing of such a target, so that there it is not wanted.
function(sockops_precompiled target name)
	cmake_parse_arguments(arg "" "" "HEADERS;LIBRARIES" ${ARGN})
	if(NOT SOCKOPS_PRECOMPILED_HEADERS OR CMAKE_CXX_COMPILER_LAUNCHER)
		return()
	endif()
	if(NOT TARGET ${name})
		file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/${name}.cpp CONTENT "")
		add_library(${name} OBJECT ${PROJECT_BINARY_DIR}/${name}.cpp)
		target_link_libraries(${name} PRIVATE ${arg_LIBRARIES})
		target_compile_features(${name} PRIVATE cxx_std_20)
		foreach(property IN ITEMS COMPILE_OPTIONS POSITION_INDEPENDENT_CODE)
			get_target_property(value ${target} ${property})
			if(value)
				set_target_properties(${name} PROPERTIES ${property} "${value}")
			endif()
		endforeach()
		target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
	endif()
	target_precompile_headers(${target} REUSE_FROM ${name})
endfunction()

# sockops_library_code(TARGET): own code of the library and of its tools.
function(sockops_library_code target)
	sockops_own_code(${target})
	get_target_property(type ${target} TYPE)
	string(TOLOWER ${type}_headers headers) # each is compiled with options of its own
	sockops_precompiled(${target} ${headers}
		HEADERS <algorithm> <array> <atomic> <cstring> <functional> <map> <memory> <optional> <span> <string>
			<string_view> <utility> <vector>)
endfunction()

# After NAME SOURCE of sockops_bpf_object() and sockops_native_program(): the same of BPF programs.
set(sockops_own_bpf OPTIONS -Wall -Wextra -Werror)
