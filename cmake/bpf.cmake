# SPDX-License-Identifier: MIT
# sockops::bpf, which loads and runs object files of eBPF: a private copy of the static libbpf is part of the archive
# (src/object/libbpf/libbpf.hpp says why), so that who links it needs libelf and zlib and no libbpf. It exists where these
# three are found.
include(${CMAKE_CURRENT_LIST_DIR}/libbpf.cmake)
cmake_path(GET SOCKOPS_LIBBPF PARENT_PATH libbpf_folder)
find_library(SOCKOPS_LIBBPF_ARCHIVE NAMES libbpf.a HINTS ${libbpf_folder} DOC "The static libbpf, 1.0 or newer")
find_library(SOCKOPS_LIBELF NAMES elf DOC "libelf")
find_library(SOCKOPS_ZLIB NAMES z DOC "zlib")
# With a toolchain for another machine it is the toolchain's. Else it is binutils', where CMake takes LLVM's with clang.
set(objcopy objcopy)
set(objcopy_package binutils)
if(CMAKE_CROSSCOMPILING)
	set(objcopy ${CMAKE_OBJCOPY})
	set(objcopy_package binutils-${CMAKE_SYSTEM_PROCESSOR}-linux-gnu)
endif()
find_program(SOCKOPS_OBJCOPY NAMES ${objcopy} DOC "The objcopy of the machine that is built for")
mark_as_advanced(SOCKOPS_LIBBPF_ARCHIVE SOCKOPS_LIBELF SOCKOPS_ZLIB SOCKOPS_OBJCOPY)
set(bpf_missing "")
if(SOCKOPS_LIBBPF_MISSING)
	list(APPEND bpf_missing "${SOCKOPS_LIBBPF_MISSING}")
elseif(NOT SOCKOPS_LIBBPF_ARCHIVE)
	list(APPEND bpf_missing "libbpf's static archive, libbpf.a, is not beside ${SOCKOPS_LIBBPF} (Debian: libbpf-dev)")
endif()
if(NOT SOCKOPS_LIBELF)
	list(APPEND bpf_missing "libelf is not installed (Debian: libelf-dev)")
endif()
if(NOT SOCKOPS_ZLIB)
	list(APPEND bpf_missing "zlib is not installed (Debian: zlib1g-dev)")
endif()
if(NOT SOCKOPS_OBJCOPY)
	list(APPEND bpf_missing "objcopy is not installed (Debian: ${objcopy_package})")
endif()
if(bpf_missing)
	list(JOIN bpf_missing ", " bpf_missing)
	sockops_left_out("${bpf_missing}" bpf)
	return()
endif()

set(private_libbpf ${CMAKE_CURRENT_BINARY_DIR}/private_libbpf.o)
add_custom_command(OUTPUT ${private_libbpf}
	COMMAND ${CMAKE_COMMAND} -D ARCHIVE=${SOCKOPS_LIBBPF_ARCHIVE} -D NAMES=${PROJECT_SOURCE_DIR}/src/object/libbpf/libbpf.hpp
		-D AR=${CMAKE_AR} -D LD=${CMAKE_LINKER} -D OBJCOPY=${SOCKOPS_OBJCOPY}
		-D WORK=${CMAKE_CURRENT_BINARY_DIR}/private_libbpf -D OUTPUT=${private_libbpf}
		-P ${PROJECT_SOURCE_DIR}/cmake/private_libbpf.cmake
	DEPENDS ${SOCKOPS_LIBBPF_ARCHIVE} src/object/libbpf/libbpf.hpp cmake/private_libbpf.cmake
	COMMENT "Making a private copy of libbpf" VERBATIM)

# libdw reads the DWARF of object files, where it is found.
find_path(SOCKOPS_LIBDW_INCLUDE elfutils/libdw.h DOC "The folder of <elfutils/libdw.h>")
find_library(SOCKOPS_LIBDW NAMES dw DOC "libdw")
mark_as_advanced(SOCKOPS_LIBDW_INCLUDE SOCKOPS_LIBDW)
set(bpf_links elf z)
set(other_reader_of_dwarf "/debug/dwarf[a-z_]*\\.cpp$")
if(SOCKOPS_LIBDW AND SOCKOPS_LIBDW_INCLUDE)
	list(PREPEND bpf_links dw)
	set(other_reader_of_dwarf "/debug/no_dwarf\\.cpp$")
else()
	sockops_left_out("libdw is not installed (Debian: libdw-dev)" "names of variables on the stack in findings")
endif()

# One line a folder of sources.
file(GLOB bpf_sources CONFIGURE_DEPENDS
	src/vm/*.cpp
	src/vm/watch/*.cpp
	src/vm/check/*.cpp
	src/object/*.cpp
	src/object/btf/*.cpp
	src/object/check/*.cpp
	src/object/core/*.cpp
	src/object/coverage/*.cpp
	src/object/debug/*.cpp
	src/object/file/*.cpp
	src/object/libbpf/*.cpp)
list(FILTER bpf_sources EXCLUDE REGEX ${other_reader_of_dwarf})
sockops_headers(bpf_headers vm/*.hpp object/*.hpp)
sockops_library(bpf STATIC SOURCES ${bpf_sources} ${private_libbpf} HEADERS ${bpf_headers}
	LINKS sockops PRIVATE_LINKS ${bpf_links})
target_include_directories(sockops_bpf SYSTEM PRIVATE ${SOCKOPS_LIBBPF_INCLUDE})
if("dw" IN_LIST bpf_links)
	target_include_directories(sockops_bpf SYSTEM PRIVATE ${SOCKOPS_LIBDW_INCLUDE})
endif()
