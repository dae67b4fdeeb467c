# SPDX-License-Identifier: MIT
# find_package(sockops CONFIG), and sockops.pc.
include(CMakePackageConfigHelpers)

# What exists here: some parts need fmt, ns-3, or libbpf.
set(parts sockops sockops_map sockops_testing)
foreach(part IN ITEMS sockops_fmt sockops_ns3 sockops_bpf sockops_native sockops_native_table sockops_bpf_testing)
	if(TARGET ${part})
		list(APPEND parts ${part})
	endif()
endforeach()
install(TARGETS ${parts} EXPORT sockopsTargets FILE_SET HEADERS)
# <sockops/src.hpp>, beside which the sources stand once they are installed.
file(READ include/sockops/src.hpp src_hpp)
string(REPLACE "\"../../src/" "\"impl/" src_hpp "${src_hpp}")
file(CONFIGURE OUTPUT src.hpp CONTENT "${src_hpp}" @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/src.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sockops)
list(TRANSFORM core_sources REPLACE "/[^/]*$" "" OUTPUT_VARIABLE core_rooms)
list(REMOVE_DUPLICATES core_rooms)
install(DIRECTORY ${core_rooms} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sockops/impl
	FILES_MATCHING PATTERN "*.cpp" PATTERN "*.hpp")

set(modules cmake/bpf_object.cmake cmake/native_program.cmake)
if(TARGET sockops_ns3)
	list(APPEND modules cmake/ns3-libraries.cmake)
endif()
if(TARGET sockops_native)
	install(DIRECTORY include/sockops/native/bpf ${SOCKOPS_NATIVE_GENERATED}/bpf
		DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sockops/native)
endif()
install(FILES ${modules} DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sockops)
install(EXPORT sockopsTargets NAMESPACE sockops:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sockops)

configure_package_config_file(cmake/sockopsConfig.cmake.in sockopsConfig.cmake
	INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sockops)
write_basic_package_version_file(sockopsConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sockopsConfig.cmake
	${CMAKE_CURRENT_BINARY_DIR}/sockopsConfigVersion.cmake
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sockops)

# The way up from the .pc file to the prefix, so that an installation can be moved.
file(RELATIVE_PATH SOCKOPS_PC_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" SOCKOPS_PC_UP "${SOCKOPS_PC_UP}")
configure_file(cmake/sockops.pc.in sockops.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sockops.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
