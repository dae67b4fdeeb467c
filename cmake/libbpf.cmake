# SPDX-License-Identifier: MIT
# sockops::libbpf: the machine's libbpf, 1.0 or newer, with its headers. Used by this build and, installed, by
# find_package(sockops). SOCKOPS_LIBBPF_MISSING: what is not there, in words, or empty.
#
# Where pkg-config knows of one, of another prefix perhaps, that is taken. It is not needed; and with a toolchain for
# another machine it might name this one's.
if(NOT CMAKE_CROSSCOMPILING)
	find_package(PkgConfig QUIET)
	if(PkgConfig_FOUND)
		pkg_check_modules(libbpf QUIET libbpf>=1.0)
	endif()
endif()
find_path(SOCKOPS_LIBBPF_INCLUDE bpf/libbpf.h HINTS ${libbpf_INCLUDE_DIRS} ${libbpf_INCLUDEDIR}
	DOC "The folder of <bpf/libbpf.h>, 1.0 or newer")
find_library(SOCKOPS_LIBBPF NAMES bpf HINTS ${libbpf_LIBDIR} DOC "libbpf, 1.0 or newer")
mark_as_advanced(SOCKOPS_LIBBPF_INCLUDE SOCKOPS_LIBBPF)
set(SOCKOPS_LIBBPF_MISSING "")
if(NOT SOCKOPS_LIBBPF_INCLUDE OR NOT SOCKOPS_LIBBPF)
	set(SOCKOPS_LIBBPF_MISSING "libbpf 1.0 or newer is not installed (Debian: libbpf-dev)")
else()
	# Older ones have another number there, or no such file.
	set(sockops_libbpf_version "")
	if(EXISTS ${SOCKOPS_LIBBPF_INCLUDE}/bpf/libbpf_version.h)
		file(STRINGS ${SOCKOPS_LIBBPF_INCLUDE}/bpf/libbpf_version.h sockops_libbpf_version
			REGEX "define LIBBPF_MAJOR_VERSION +[1-9]")
	endif()
	if(NOT sockops_libbpf_version)
		set(SOCKOPS_LIBBPF_MISSING
			"the libbpf of ${SOCKOPS_LIBBPF_INCLUDE} is older than 1.0 (Debian: libbpf-dev)")
	endif()
endif()
if(NOT SOCKOPS_LIBBPF_MISSING AND NOT TARGET sockops::libbpf)
	add_library(sockops::libbpf INTERFACE IMPORTED GLOBAL)
	set_target_properties(sockops::libbpf PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${SOCKOPS_LIBBPF_INCLUDE}
		INTERFACE_LINK_LIBRARIES ${SOCKOPS_LIBBPF})
endif()
