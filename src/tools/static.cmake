# SPDX-License-Identifier: MIT
# sockops-run-static, one file that needs nothing of the machine that it runs on but the kernel, and
# sockops-run-tarball, which packs it with its man page, its completion, and the terms of what is linked into it.
#
# SOCKOPS_STATIC_MISSING: why there is none, in words; or empty.
set(SOCKOPS_STATIC_MISSING "")
if(BUILD_SHARED_LIBS)
	set(SOCKOPS_STATIC_MISSING "BUILD_SHARED_LIBS is on")
elseif(SOCKOPS_SANITIZE)
	set(SOCKOPS_STATIC_MISSING "sanitizers need the dynamic linker")
elseif(NOT TARGET sockops-run-pages)
	set(SOCKOPS_STATIC_MISSING "it would have no man page in a build for another machine")
else()
	set(libelf_STATIC_LDFLAGS -lelf -lz)
	if(PkgConfig_FOUND)
		pkg_check_modules(libelf QUIET libelf) # newer ones need more than zlib
	endif()
	set(linked_statically "libelf and zlib (Debian: libelf-dev, zlib1g-dev, libc6-dev)")
	set(trial "#include <libelf.h>\nint main() { return elf_version(EV_CURRENT) == EV_NONE; }")
	if("dw" IN_LIST bpf_links) # without what only its parts need that are not used here
		list(PREPEND libelf_STATIC_LDFLAGS -ldw)
		set(linked_statically "libdw, libelf and zlib (Debian: libdw-dev, libelf-dev, zlib1g-dev, libc6-dev)")
		set(trial "#include <elfutils/libdw.h>\nint main() { return dwarf_begin_elf(0, DWARF_C_READ, 0) != 0; }")
	endif()
	include(CheckCXXSourceCompiles)
	set(CMAKE_REQUIRED_LINK_OPTIONS -static)
	set(CMAKE_REQUIRED_LIBRARIES ${libelf_STATIC_LDFLAGS})
	check_cxx_source_compiles("${trial}" SOCKOPS_LINKS_STATICALLY)
	unset(CMAKE_REQUIRED_LINK_OPTIONS)
	unset(CMAKE_REQUIRED_LIBRARIES)
	if(NOT SOCKOPS_LINKS_STATICALLY)
		set(SOCKOPS_STATIC_MISSING "nothing links statically with ${linked_statically}")
	endif()
endif()
set(SOCKOPS_STATIC_MISSING "${SOCKOPS_STATIC_MISSING}" CACHE INTERNAL "Why there is no static sockops-run")
if(SOCKOPS_STATIC_MISSING)
	sockops_left_out("${SOCKOPS_STATIC_MISSING}" "a static sockops-run")
	return()
endif()

set(linked_files ${CMAKE_CURRENT_BINARY_DIR}/sockops-run-static.map)
add_executable(sockops-run-static EXCLUDE_FROM_ALL sockops_run/code/refused.cpp)
sockops_own_code(sockops-run-static)
target_link_libraries(sockops-run-static PRIVATE sockops_run_code sockops_native ${libelf_STATIC_LDFLAGS})
target_link_options(sockops-run-static PRIVATE -static -s LINKER:-Map=${linked_files})
set_target_properties(sockops-run-static PROPERTIES POSITION_INDEPENDENT_CODE OFF)

string(TOLOWER ${CMAKE_SYSTEM_NAME} system)
set(packed sockops-run-${PROJECT_VERSION}-${CMAKE_SYSTEM_PROCESSOR}-${system})
set(tarball ${CMAKE_CURRENT_BINARY_DIR}/${packed}.tar.gz)
set(schema ${CMAKE_CURRENT_SOURCE_DIR}/sockops_run/sockops-run.schema.json)
set(pack ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:sockops-run-static> -D LINKED=${linked_files}
	-D BUILD=${PROJECT_BINARY_DIR} -D LIBBPF=${SOCKOPS_LIBBPF_ARCHIVE} -D PAGES=${SOCKOPS_TOOL_PAGES}
	-D VERSION=${PROJECT_VERSION} -D LICENCE=${PROJECT_SOURCE_DIR}/LICENSE
	-D FORMAT=${PROJECT_SOURCE_DIR}/tests/timelines/FORMAT.md -D SCHEMA=${schema} -D NAME=${packed})
set(pack_into -P ${CMAKE_CURRENT_SOURCE_DIR}/tarball.cmake)
add_custom_command(OUTPUT ${tarball} ${tarball}.sha256
	COMMAND ${pack} -D WORK=${CMAKE_CURRENT_BINARY_DIR} ${pack_into}
	DEPENDS sockops-run-static sockops-run-pages tarball.cmake ${PROJECT_SOURCE_DIR}/LICENSE
		${PROJECT_SOURCE_DIR}/tests/timelines/FORMAT.md ${schema}
	COMMENT "Packing ${packed}.tar.gz" VERBATIM)
add_custom_target(sockops-run-tarball DEPENDS ${tarball})
# For tests, which pack it into a folder of their own.
set_target_properties(sockops-run-tarball PROPERTIES TARBALL ${packed}.tar.gz PACK "${pack}" INTO "${pack_into}")
