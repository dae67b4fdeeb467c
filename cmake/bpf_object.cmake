# SPDX-License-Identifier: MIT
# BPF programs in C, compiled with the build where clang and libbpf (1.0 or newer) are found.
#
# SOCKOPS_BPF_MISSING: why they are not, in words; empty if they are.
#
# sockops_bpf_object(NAME SOURCE): compiles SOURCE to NAME.bpf.o, with BTF. Who links the target NAME
# gets libbpf and the macro NAME_OBJECT (in upper case), the path of the object as a string; and is
# built after it. The object is compiled anew when SOURCE or a header of it changes.

find_program(SOCKOPS_BPF_CLANG NAMES clang clang-14 clang-15 clang-16 clang-17 clang-18 clang-19
	DOC "The clang that compiles BPF programs; g++ compiles the rest all the same")
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
	pkg_check_modules(libbpf QUIET IMPORTED_TARGET GLOBAL libbpf>=1.0)
endif()

if(NOT SOCKOPS_BPF_CLANG)
	set(SOCKOPS_BPF_MISSING "clang is not installed (Debian package: clang)")
elseif(NOT libbpf_FOUND)
	set(SOCKOPS_BPF_MISSING "libbpf 1.0 or newer is not installed (Debian package: libbpf-dev)")
else()
	set(SOCKOPS_BPF_MISSING "")
endif()

function(sockops_bpf_object name source)
	cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
	set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.bpf.o)
	# <asm/types.h> of Debian is in the folder of the machine, which -target bpf does not search.
	set(machine_headers "")
	if(CMAKE_LIBRARY_ARCHITECTURE)
		set(machine_headers -idirafter /usr/include/${CMAKE_LIBRARY_ARCHITECTURE})
	endif()
	add_custom_command(OUTPUT ${object}
		COMMAND ${SOCKOPS_BPF_CLANG} -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror
			${machine_headers} -MD -MF ${object}.d -c ${source} -o ${object}
		DEPENDS ${source}
		DEPFILE ${object}.d
		COMMENT "Compiling BPF program ${name}" VERBATIM)
	add_custom_target(${name}_compiled DEPENDS ${object})
	add_library(${name} INTERFACE)
	add_dependencies(${name} ${name}_compiled)
	string(TOUPPER ${name} upper_name)
	target_compile_definitions(${name} INTERFACE ${upper_name}_OBJECT="${object}")
	target_link_libraries(${name} INTERFACE PkgConfig::libbpf)
endfunction()
