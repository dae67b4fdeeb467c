# SPDX-License-Identifier: MIT
# find_package(sockops CONFIG), and the .pc files. What is installed has two components: `dev`, with the libraries, and
# `tools`; and a third one, `lib`, where the libraries are shared.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/sockops)

# What exists here: some parts need fmt, ns-3, or libbpf.
get_property(components GLOBAL PROPERTY sockops_components)
list(TRANSFORM components PREPEND sockops_ OUTPUT_VARIABLE parts)
list(TRANSFORM parts REPLACE "^sockops_sockops$" sockops)
install(TARGETS ${parts} EXPORT sockopsTargets ARCHIVE COMPONENT dev FILE_SET HEADERS COMPONENT dev
	LIBRARY COMPONENT lib NAMELINK_COMPONENT dev)
# <sockops/src.hpp>, beside which the sources stand once they are installed.
file(READ include/sockops/src.hpp src_hpp)
string(REPLACE "\"../../src/" "\"impl/" src_hpp "${src_hpp}")
file(CONFIGURE OUTPUT src.hpp CONTENT "${src_hpp}" @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/src.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sockops COMPONENT dev)
list(TRANSFORM core_sources REPLACE "/[^/]*$" "" OUTPUT_VARIABLE core_rooms)
list(REMOVE_DUPLICATES core_rooms)
install(DIRECTORY ${core_rooms} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sockops/impl COMPONENT dev
	FILES_MATCHING PATTERN "*.cpp" PATTERN "*.hpp")

set(modules cmake/bpf_object.cmake cmake/libbpf.cmake cmake/native_program.cmake)
if(TARGET sockops_ns3)
	list(APPEND modules cmake/ns3-libraries.cmake)
endif()
if(TARGET sockops_native)
	install(DIRECTORY include/sockops/native/bpf ${SOCKOPS_NATIVE_GENERATED}/bpf
		DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sockops/native COMPONENT dev)
	install(TARGETS sockops_native_table EXPORT sockopsTargets
		RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/sockops COMPONENT dev)
endif()
install(FILES ${modules} DESTINATION ${package_dir} COMPONENT dev)
install(EXPORT sockopsTargets NAMESPACE sockops:: DESTINATION ${package_dir} COMPONENT dev)

# What find_package() says of a component that is asked for and is not here.
set(why_not "")
foreach(part IN ITEMS testing fmt bpf native bpf_testing ns3)
	get_property(reason GLOBAL PROPERTY sockops_why_no_${part})
	if(NOT part IN_LIST components)
		string(APPEND why_not "set_property(GLOBAL PROPERTY sockops_why_no_${part} [[${reason}]])\n")
	endif()
endforeach()
set(ns3_of_objects "")
if(TARGET sockops_ns3 AND TARGET sockops_bpf)
	set(ns3_of_objects ns3)
endif()
set(links_libdw FALSE)
if(TARGET sockops_bpf AND "dw" IN_LIST bpf_links)
	set(links_libdw TRUE)
endif()
configure_package_config_file(cmake/sockopsConfig.cmake.in sockopsConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(sockopsConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sockopsConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/sockopsConfigVersion.cmake
	DESTINATION ${package_dir} COMPONENT dev)

include(${CMAKE_CURRENT_LIST_DIR}/pkg_config.cmake)
