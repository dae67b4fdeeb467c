# SPDX-License-Identifier: MIT
# `cpack -G DEB` in a build makes two Debian packages of what is installed: libsockops-dev, which is component `dev`, and
# sockops, which is component `tools`. The libraries are static.
if(BUILD_SHARED_LIBS)
	return()
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sockops)
set(CPACK_PACKAGE_VENDOR "The sockops authors")
if(NOT CPACK_PACKAGE_CONTACT) # whoever distributes packages gives a name and an address
	set(CPACK_PACKAGE_CONTACT "The sockops authors")
endif()
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL dev)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
# What executables and shared objects link, which dpkg-shlibdeps finds out.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/debian_tools.cmake)

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libsockops-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_DESCRIPTION "Headers, static libraries, find_package(sockops) and .pc files, to link a TCP
stack, a simulator or a test with: programs decide per connection, per cgroup,
as they do in the kernel, without root and without the kernel.")
set(needed "libboost-dev (>= 1.74)")
set(used "")
if(TARGET sockops_bpf)
	list(APPEND needed libelf-dev zlib1g-dev)
	if("dw" IN_LIST bpf_links)
		list(APPEND needed libdw-dev)
	endif()
	list(APPEND used clang libbpf-dev)
endif()
if(TARGET sockops_fmt)
	list(APPEND used libfmt-dev)
endif()
list(JOIN needed ", " CPACK_DEBIAN_DEV_PACKAGE_DEPENDS)
list(JOIN used ", " CPACK_DEBIAN_DEV_PACKAGE_RECOMMENDS)
if(TARGET sockops_ns3)
	set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "libns3-dev")
endif()

if(TARGET sockops-exec OR TARGET sockops-run)
	list(APPEND CPACK_COMPONENTS_ALL tools)
	set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME sockops)
	set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION devel)
	set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS "libsockops-dev (= ${PROJECT_VERSION}), clang, gcc")
	set(CPACK_DEBIAN_TOOLS_DESCRIPTION "Command-line tools: sockops-run plays a connection around the programs of an
eBPF object and shows what each callback replied, set, printed and left in the
maps. sockops-exec runs one raw eBPF program, as suites of the instruction set
want it.")
endif()

# The licences: with libbpf, of which sockops::bpf and the tools have a copy in them.
set(libbpf_licence /usr/share/doc/libbpf-dev/copyright)
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
	string(TOUPPER ${component} upper)
	set(documents ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
	install(FILES LICENSE DESTINATION ${documents} RENAME copyright COMPONENT ${component} EXCLUDE_FROM_ALL)
	if(TARGET sockops_bpf AND EXISTS ${libbpf_licence})
		install(FILES ${libbpf_licence} DESTINATION ${documents} RENAME copyright.libbpf COMPONENT ${component}
			EXCLUDE_FROM_ALL)
	endif()
endforeach()
include(CPack)
