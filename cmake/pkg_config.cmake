# SPDX-License-Identifier: MIT
# The .pc files, made of what each library links.

# The way up from a .pc file to the prefix, so that an installation can be moved.
file(RELATIVE_PATH sockops_pc_up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" sockops_pc_up "${sockops_pc_up}")

# sockops_pkg_config(PART DESCRIPTION [LINE …]): sockops-PART.pc, or sockops.pc. LINEs are put before its keywords.
#
# The standard is not in it: who compiles says C++20 or a newer one. What a static archive needs is in Requires, since
# most of these libraries have no other form.
function(sockops_pkg_config part description)
	set(name sockops-${part})
	set(target sockops_${part})
	if(part STREQUAL "sockops")
		set(name sockops)
		set(target sockops)
	endif()
	string(REPLACE "_" "-" name ${name})
	if(NOT TARGET ${target})
		return()
	endif()
	set(requires "")
	set(libs "")
	get_target_property(type ${target} TYPE)
	if(NOT type STREQUAL "INTERFACE_LIBRARY")
		list(APPEND libs -L\${libdir} -l${target})
	endif()
	get_target_property(links ${target} INTERFACE_LINK_LIBRARIES)
	list(TRANSFORM links REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1")
	foreach(link IN LISTS links)
		if(link MATCHES "^sockops")
			string(REPLACE "_" "-" link ${link})
			list(APPEND requires ${link})
		elseif(link STREQUAL "fmt::fmt")
			list(APPEND requires fmt)
		elseif(link STREQUAL "elf")
			list(APPEND requires libelf)
		elseif(link STREQUAL "dw")
			list(APPEND requires libdw)
		elseif(link STREQUAL "z")
			list(APPEND requires zlib)
		elseif(link STREQUAL "Threads::Threads")
			list(APPEND libs -pthread)
		elseif(link STREQUAL "${CMAKE_DL_LIBS}")
			list(APPEND libs -l${link})
		elseif(NOT link STREQUAL "Boost::headers") # which has no .pc, and is found by every compiler
			message(FATAL_ERROR "cmake/pkg_config.cmake does not know what ${link}, which ${target} links, is in a .pc file")
		endif()
	endforeach()
	list(JOIN requires " " requires)
	list(JOIN libs " " libs)
	list(TRANSFORM ARGN APPEND "\n")
	list(JOIN ARGN "" lines)
	file(CONFIGURE OUTPUT ${name}.pc @ONLY CONTENT [[prefix=${pcfiledir}/@sockops_pc_up@
libdir=${prefix}/@CMAKE_INSTALL_LIBDIR@
includedir=${prefix}/@CMAKE_INSTALL_INCLUDEDIR@
@lines@
Name: @name@
Description: @description@
Version: @PROJECT_VERSION@
Requires: @requires@
Cflags: -I${includedir}
Libs: @libs@
]])
	install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
endfunction()

sockops_pkg_config(sockops "${PROJECT_DESCRIPTION}")
sockops_pkg_config(testing "sockops: any op on demand, timelines with a small TCP, a recorder, matchers")
sockops_pkg_config(fmt "sockops: formatters for fmt")
sockops_pkg_config(bpf "sockops: eBPF objects in an interpreter")
sockops_pkg_config(bpf_testing "sockops: unit tests of the programs of eBPF objects")
# As sockops_native_program() does: native_table NAME SOURCE OBJECT OUTPUT writes the C file that is then compiled with
# native_cflags.
sockops_pkg_config(native "sockops: BPF programs in C, compiled for this machine"
	"native_table=\${prefix}/${CMAKE_INSTALL_LIBEXECDIR}/sockops/sockops_native_table"
	"native_cflags=-I\${includedir}/sockops/native -I\${includedir} -g -gdwarf-4")
