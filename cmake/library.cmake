# SPDX-License-Identifier: MIT
# sockops_library(NAME KIND [SOURCES …] HEADERS … LINKS … [PRIVATE_LINKS …]): what each library of this project is.
#
# The target is sockops_NAME, or sockops where NAME is that, and sockops::NAME to others, here and installed. KIND:
#   shareable   static, or shared where BUILD_SHARED_LIBS says so, which gives to others what
#               cmake/exported_TARGET.map says
#   STATIC      always, as INTERFACE
# HEADERS are relative to include/, which is where those who use the library find them.
function(sockops_library name kind)
	cmake_parse_arguments(arg "" "" "SOURCES;HEADERS;LINKS;PRIVATE_LINKS" ${ARGN})
	set(target sockops_${name})
	if(name STREQUAL sockops)
		set(target sockops)
	endif()
	set(scope PUBLIC)
	if(kind STREQUAL "INTERFACE")
		set(scope INTERFACE)
	endif()
	if(kind STREQUAL "shareable")
		set(kind "")
	endif()
	add_library(${target} ${kind} ${arg_SOURCES})
	add_library(sockops::${name} ALIAS ${target})
	list(TRANSFORM arg_HEADERS PREPEND ${PROJECT_SOURCE_DIR}/include/)
	target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${arg_HEADERS})
	target_link_libraries(${target} ${scope} ${arg_LINKS})
	set_target_properties(${target} PROPERTIES EXPORT_NAME ${name}
		VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL})
	set_property(GLOBAL APPEND PROPERTY sockops_components ${name})
	if(scope STREQUAL "INTERFACE")
		return()
	endif()
	target_link_libraries(${target} PRIVATE ${arg_PRIVATE_LINKS})
	set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
	sockops_made_when_used(${target})
	sockops_library_code(${target})
	if(kind STREQUAL "")
		set_target_properties(${target} PROPERTIES
			VERSION ${PROJECT_VERSION} SOVERSION ${SOCKOPS_ABI_VERSION})
		sockops_exports(${target} ${target})
	endif()
endfunction()

# sockops_made_when_used(TARGET): in somebody else's build, which does not install it, what nothing uses is not built.
function(sockops_made_when_used target)
	if(NOT PROJECT_IS_TOP_LEVEL AND NOT SOCKOPS_INSTALL)
		set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
	endif()
endfunction()

# The versions among which a program may find its shared library: until 1.0 those of one minor version.
set(SOCKOPS_ABI_VERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})

# sockops_exports(TARGET LIBRARY): where TARGET is shared, others see of it what cmake/exported_LIBRARY.map says, each
# symbol with the version SOCKOPS_0.1.
function(sockops_exports target library)
	set(map ${PROJECT_BINARY_DIR}/exported_${library}.map)
	configure_file(${PROJECT_SOURCE_DIR}/cmake/exported_${library}.map ${map} @ONLY)
	get_target_property(type ${target} TYPE)
	if(type STREQUAL "SHARED_LIBRARY")
		target_link_options(${target} PRIVATE LINKER:--version-script=${map})
		set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${map})
	endif()
endfunction()

# sockops_headers(RESULT PATTERN …): the headers that match, relative to include/.
function(sockops_headers result)
	list(TRANSFORM ARGN PREPEND ${PROJECT_SOURCE_DIR}/include/sockops/ OUTPUT_VARIABLE patterns)
	file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/include ${patterns})
	set(${result} ${headers} PARENT_SCOPE)
endfunction()
