# SPDX-License-Identifier: MIT
# What is only configured, and not built: SUBJECT says which.
cmake_minimum_required(VERSION 3.23)
set(common -G Ninja -D CMAKE_BUILD_TYPE=Release -D CMAKE_CXX_COMPILER=${COMPILER})
file(REMOVE_RECURSE ${WORK_DIR})

# configure(SOURCE BUILD EXPECTED OPTION …): it ends well and prints EXPECTED, a regex; or fails with it, if that begins
# with "CMake Error". Lines and their indentation do not count.
function(configure source build expected)
	execute_process(COMMAND ${CMAKE_COMMAND} -S ${source} -B ${build} ${common} ${ARGN}
		RESULT_VARIABLE failed OUTPUT_VARIABLE text ERROR_VARIABLE text)
	string(REGEX REPLACE "[ \n]+" " " line "${text}")
	if(expected MATCHES "^CMake Error")
		set(failed_as_expected ${failed})
		set(failed 0)
		if(failed_as_expected EQUAL 0)
			set(failed 1)
		endif()
	endif()
	if(NOT failed EQUAL 0 OR NOT line MATCHES "${expected}")
		message(FATAL_ERROR "cmake -S ${source} ${ARGN}\n${text}\nis not: ${expected}")
	endif()
	set(text "${text}" PARENT_SCOPE)
endfunction()

if(SUBJECT STREQUAL "what_is_missing_is_named")
	set(library ${common} -D SOCKOPS_BUILD_TESTS=OFF -D SOCKOPS_BUILD_BENCH=OFF -D SOCKOPS_BUILD_EXAMPLES=OFF)
	configure(${SOURCE_DIR} ${WORK_DIR}/without_boost "CMake Error.*sockops needs Boost.Intrusive.*apt-get install libboost-dev"
		-D CMAKE_DISABLE_FIND_PACKAGE_Boost=ON)
	configure(${SOURCE_DIR} ${WORK_DIR}/lacking
		"made without: -- fmt: fmt is not installed .Debian: libfmt-dev. -- bpf, .*sockops-run: libelf is not installed .Debian: libelf-dev. -- BPF programs in C: clang is not installed .Debian: clang."
		${library} -D SOCKOPS_LIBELF= -D SOCKOPS_BPF_CLANG= -D SOCKOPS_NS3=OFF -D SOCKOPS_TESTING=OFF
		-D CMAKE_DISABLE_FIND_PACKAGE_fmt=ON)
	# pkg-config is only asked where libbpf is; a toolchain file that names this system makes no other machine of it.
	if("bpf" IN_LIST PRESENT)
		configure(${SOURCE_DIR} ${WORK_DIR}/without_pkg_config "Configuring done" ${library}
			-D CMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON -D CMAKE_SYSTEM_NAME=Linux)
		if(text MATCHES "bpf, |native, |man pages")
			message(FATAL_ERROR "without pkg-config, with CMAKE_SYSTEM_NAME:\n${text}")
		endif()
	endif()
	execute_process(COMMAND ${CMAKE_COMMAND} --install ${LIBRARY_BUILD} --prefix ${WORK_DIR}/prefix
		OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
	file(GLOB_RECURSE installed ${WORK_DIR}/prefix/*/sockopsConfig.cmake)
	cmake_path(GET installed PARENT_PATH installed)
	configure(${CMAKE_CURRENT_LIST_DIR}/components ${WORK_DIR}/components "Configuring done"
		-D LACKING=${WORK_DIR}/lacking -D INSTALLED=${installed} "-DPRESENT=${PRESENT}")
else()
	configure(${CMAKE_CURRENT_LIST_DIR}/linked_alone ${WORK_DIR}/build "Configuring done" -D SOCKOPS_SOURCE=${SOURCE_DIR})
	execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK_DIR}/build -- -t commands all
		OUTPUT_VARIABLE commands COMMAND_ERROR_IS_FATAL ANY)
	string(REGEX MATCHALL " -c [^\n]*" compiled "${commands}")
	list(LENGTH compiled number)
	file(STRINGS ${SOURCE_DIR}/include/sockops/src.hpp core REGEX "^#include")
	list(LENGTH core expected)
	math(EXPR expected "${expected} + 1")
	message(STATUS "${number} objects")
	if(NOT number EQUAL expected)
		message(FATAL_ERROR "${number} objects are built, and the core with one source of the consumer has ${expected}:\n${compiled}")
	endif()
endif()
