# SPDX-License-Identifier: MIT
# find_package(sockops CONFIG), and sockops.pc.
include(CMakePackageConfigHelpers)

install(TARGETS sockops sockops_testing EXPORT sockopsTargets FILE_SET HEADERS)
if(TARGET sockops_fmt)
	install(TARGETS sockops_fmt EXPORT sockopsTargets FILE_SET HEADERS)
endif()
if(TARGET sockops_ns3)
	install(TARGETS sockops_ns3 EXPORT sockopsTargets FILE_SET HEADERS)
	install(FILES cmake/ns3-libraries.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sockops)
endif()
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
