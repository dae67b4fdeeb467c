# SPDX-License-Identifier: MIT
# sockops::ns3_libraries: the headers and libraries of ns-3 that an adapted script links, where they are.
# Used by this build and, installed, by find_package(sockops). With it comes
#
#   sockops_ns3_modules(TARGET module …)   links further modules of the same ns-3 by name: csma, flow-monitor, stats
#   sockops_ns3_modules(TARGET ALL)        links all that are installed
#
# Debian's libns3-dev alone is enough. Its find_package(ns3) and ns3-*.pc want further packages
# (ns3, libgsl-dev), so headers and libraries are looked for directly.

# sockops_ns3_module(RESULT MODULE): the library of a module, or an empty string. What stands before and after "core" in
# the name of that library stands around the names of the others: libns3-core.so, libns3.43-core-optimized.so.
function(sockops_ns3_module result module)
	get_filename_component(folder "${SOCKOPS_NS3_core}" DIRECTORY)
	get_filename_component(name "${SOCKOPS_NS3_core}" NAME)
	string(REPLACE "-core" "-${module}" name "${name}")
	set(${result} "" PARENT_SCOPE)
	if(EXISTS "${folder}/${name}")
		set(${result} "${folder}/${name}" PARENT_SCOPE)
	endif()
endfunction()

# sockops_ns3_module_names(RESULT): of all modules that are installed.
function(sockops_ns3_module_names result)
	get_filename_component(folder "${SOCKOPS_NS3_core}" DIRECTORY)
	get_filename_component(name "${SOCKOPS_NS3_core}" NAME)
	string(REPLACE "-core" "-*" pattern "${name}")
	string(REGEX REPLACE "^(.*)-core(.*)$" "\\1;\\2" around "${name}")
	list(GET around 0 before)
	list(GET around 1 after)
	file(GLOB libraries RELATIVE "${folder}" "${folder}/${pattern}")
	set(names "")
	foreach(library IN LISTS libraries)
		string(REPLACE "${after}" "" module "${library}")
		string(REPLACE "${before}-" "" module "${module}")
		if(NOT module MATCHES "(^|-)test$") # ns-3's own tests
			list(APPEND names ${module})
		endif()
	endforeach()
	set(${result} ${names} PARENT_SCOPE)
endfunction()

function(sockops_ns3_modules target)
	if(NOT SOCKOPS_NS3_core)
		message(FATAL_ERROR "sockops_ns3_modules(${target}): ns-3 is not installed (Debian: libns3-dev). Where it is "
			"somewhere else: -D CMAKE_PREFIX_PATH=FOLDER")
	endif()
	sockops_ns3_module_names(installed)
	set(modules ${ARGN})
	if(modules STREQUAL "ALL")
		set(modules ${installed})
	endif()
	foreach(module IN LISTS modules)
		sockops_ns3_module(library ${module})
		if(NOT library)
			list(JOIN installed " " installed)
			message(FATAL_ERROR "sockops_ns3_modules(${target}): there is no module '${module}' beside "
				"${SOCKOPS_NS3_core}. There are: ${installed}")
		endif()
		target_link_libraries(${target} PRIVATE ${library})
	endforeach()
endfunction()

if(TARGET sockops::ns3_libraries)
	return()
endif()
find_path(SOCKOPS_NS3_INCLUDE_DIR ns3/tcp-socket-base.h)
mark_as_advanced(SOCKOPS_NS3_INCLUDE_DIR)
set(sockops_ns3_found)
set(sockops_ns3_missing)
if(NOT SOCKOPS_NS3_INCLUDE_DIR)
	list(APPEND sockops_ns3_missing ns3/tcp-socket-base.h)
endif()
# Built from its sources, a library has the release in its name ("dev" between releases), and the profile unless that is
# "release". The newest comes first; those beside the headers that were found come before all others.
set(sockops_ns3_names ns3-core)
foreach(older RANGE 0 63)
	math(EXPR minor "100 - ${older}")
	string(REPLACE ".100" "-dev" release "3.${minor}")
	foreach(profile IN ITEMS "" -default -optimized -debug -relwithdebinfo -minsizerel)
		list(APPEND sockops_ns3_names ns${release}-core${profile})
	endforeach()
endforeach()
get_filename_component(sockops_ns3_prefix "${SOCKOPS_NS3_INCLUDE_DIR}" DIRECTORY)
find_library(SOCKOPS_NS3_core NAMES ${sockops_ns3_names} NAMES_PER_DIR HINTS ${sockops_ns3_prefix}/lib ${sockops_ns3_prefix}/lib64)
mark_as_advanced(SOCKOPS_NS3_core)
foreach(module IN ITEMS point-to-point applications internet network core)
	sockops_ns3_module(sockops_ns3_library ${module})
	if(sockops_ns3_library)
		list(APPEND sockops_ns3_found ${sockops_ns3_library})
	else()
		list(APPEND sockops_ns3_missing libns3-${module})
	endif()
endforeach()
if(NOT sockops_ns3_missing)
	add_library(sockops::ns3_libraries INTERFACE IMPORTED GLOBAL)
	set_target_properties(sockops::ns3_libraries PROPERTIES
		INTERFACE_INCLUDE_DIRECTORIES ${SOCKOPS_NS3_INCLUDE_DIR}
		INTERFACE_LINK_LIBRARIES "${sockops_ns3_found}")
endif()
