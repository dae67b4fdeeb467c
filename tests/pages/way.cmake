# SPDX-License-Identifier: MIT
# A CMakeLists.txt of a page is what takes the library: configured and built in FOLDER, with the page's files, of which
# PROGRAM is run.
#   cmake -D FOLDER= -D FILES= -D SOURCE= -D INSTALLED= -D COMPILER= -P way.cmake
include(${CMAKE_CURRENT_LIST_DIR}/../run_command.cmake)

file(READ ${FOLDER}/CMakeLists.txt taken)
file(GLOB files ${FILES}/*.c ${FILES}/*.cpp ${FILES}/*.timeline)
foreach(file IN LISTS files)
	get_filename_component(name ${file} NAME)
	file(CREATE_LINK ${file} ${FOLDER}/${name} SYMBOLIC)
endforeach()
foreach(room IN ITEMS examples tests)
	file(CREATE_LINK ${SOURCE}/${room} ${FOLDER}/${room} SYMBOLIC)
endforeach()
if(taken MATCHES "add_subdirectory\\(sockops\\)")
	file(CREATE_LINK ${SOURCE} ${FOLDER}/sockops SYMBOLIC)
elseif(taken MATCHES "SOCKOPS_REPOSITORY")
	if(NOT EXISTS ${SOURCE}/.git)
		message(STATUS "SKIPPED: ${SOURCE} is no git repository")
		return()
	endif()
	file(REMOVE_RECURSE ${FOLDER}/repository)
	run(git -c safe.directory=* clone --quiet --bare ${SOURCE} ${FOLDER}/repository)
	run(git -C ${FOLDER}/repository update-ref refs/heads/main HEAD)
endif()
file(REMOVE_RECURSE ${FOLDER}/build)
run(${CMAKE_COMMAND} -S ${FOLDER} -B ${FOLDER}/build -G Ninja -D CMAKE_BUILD_TYPE=Debug -D CMAKE_CXX_COMPILER=${COMPILER}
	-D CMAKE_PREFIX_PATH=${INSTALLED} -D SOCKOPS_REPOSITORY=${FOLDER}/repository)
run(${CMAKE_COMMAND} --build ${FOLDER}/build)
string(REGEX MATCH "add_executable\\(([a-z_]+)" found "${taken}")
set(program ${FOLDER}/build/${CMAKE_MATCH_1})
execute_process(COMMAND ${program} WORKING_DIRECTORY ${FOLDER} RESULT_VARIABLE failed OUTPUT_VARIABLE text ERROR_VARIABLE text)
message(STATUS "${program}\n${text}")
if(failed AND NOT text MATCHES "1 FAILED TEST") # a page may show a test that fails: its own test says how
	message(FATAL_ERROR "${program}: ${failed}")
endif()
