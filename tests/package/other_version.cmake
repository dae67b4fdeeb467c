# SPDX-License-Identifier: MIT
# SOURCE links with STATIC and with SHARED where its headers are of their version or of another patch. With headers of
# another minor version it does not, and as a plug-in it does not load. INCLUDE has the headers.
cmake_minimum_required(VERSION 3.23)
file(READ ${INCLUDE}/sockops/version.hpp text)
foreach(part IN ITEMS MAJOR MINOR PATCH)
	if(NOT text MATCHES "SOCKOPS_VERSION_${part} ([0-9]+)\n")
		message(FATAL_ERROR "no SOCKOPS_VERSION_${part} in ${INCLUDE}/sockops/version.hpp")
	endif()
	set(${part} ${CMAKE_MATCH_1})
	math(EXPR next "${CMAKE_MATCH_1} + 1")
	set(NEXT_${part} ${next})
	string(REPLACE "_${part} ${CMAKE_MATCH_1}\n" "_${part} ${next}\n" other "${text}")
	file(WRITE ${WORK}/${part}/sockops/version.hpp "${other}")
endforeach()

# compile(NAME option …): SOURCE as ${WORK}/NAME; `failed` and `text` are the result.
function(compile name)
	execute_process(COMMAND ${COMPILER} -std=c++20 ${SOURCE} ${ARGN} -I${INCLUDE} -o ${WORK}/${name}
		RESULT_VARIABLE failed OUTPUT_VARIABLE text ERROR_VARIABLE text)
	set(failed ${failed} PARENT_SCOPE)
	set(text "${text}" PARENT_SCOPE)
endfunction()
# says(PROGRAM WORDS argument …): it succeeds, or not where WORDS begin with "not ", and prints WORDS.
function(says program words)
	execute_process(COMMAND ${WORK}/${program} ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE text ERROR_VARIABLE text)
	set(expected TRUE)
	if(words MATCHES "^not (.*)")
		set(expected FALSE)
		set(words "${CMAKE_MATCH_1}")
	endif()
	if((failed AND expected) OR (NOT failed AND NOT expected) OR NOT text MATCHES "${words}")
		message(FATAL_ERROR "${program} ${ARGN}: status ${failed}, it printed '${text}', not '${words}'")
	endif()
endfunction()

set(library "${MAJOR}\\.${MINOR}\\.${PATCH}")
foreach(form IN ITEMS STATIC SHARED)
	cmake_path(GET ${form} PARENT_PATH folder)
	compile(program_${form} -Wl,-rpath,${folder} ${${form}})
	if(failed)
		message(FATAL_ERROR "headers and library of one version do not link:\n${text}")
	endif()
	says(program_${form} "headers ${library}, library ${library}")

	compile(other_minor -I${WORK}/MINOR ${${form}} -Wl,--gc-sections)
	if(NOT failed OR NOT text MATCHES "library_of_version<${MAJOR}, ${NEXT_MINOR}>::is_linked")
		message(FATAL_ERROR "headers of ${MAJOR}.${NEXT_MINOR} and a library of ${library}: status ${failed}\n${text}")
	endif()
endforeach()
compile(other_patch -I${WORK}/PATCH ${STATIC})
if(failed)
	message(FATAL_ERROR "headers of another patch do not link:\n${text}")
endif()
says(other_patch "headers ${MAJOR}\\.${MINOR}\\.${NEXT_PATCH}, library ${library}")

# Plug-ins, which have from their host what they need.
compile(same.so -shared -fPIC)
says(program_SHARED "loaded, and used: 0" ${WORK}/same.so)
compile(other.so -shared -fPIC -I${WORK}/MINOR)
says(program_SHARED "not undefined symbol: [_A-Za-z0-9]*library_of_version" ${WORK}/other.so)

# Two versions in one process, both static, where the host's functions take the place of the plug-in's: told at the first
# program. Compiles a whole library, so where all is tested.
if(DEFINED ENV{SOCKOPS_ALL})
	file(WRITE ${WORK}/src.cpp "#include <sockops/src.hpp>\n")
	compile(exports -DATTACHES -rdynamic ${STATIC})
	compile(static.so -DATTACHES -shared -fPIC ${WORK}/src.cpp)
	says(exports "loaded, and used: 0" ${WORK}/static.so)
	compile(other_static.so -DATTACHES -shared -fPIC -I${WORK}/MINOR ${WORK}/src.cpp)
	says(exports "not the program one was made by the copy of sockops in ${WORK}/other_static.so" ${WORK}/other_static.so)
endif()

# Each symbol of the shared form has its version, and the file has it in its name.
execute_process(COMMAND ${NM} -D --defined-only ${SHARED} OUTPUT_VARIABLE text)
string(REGEX MATCHALL "@[^\n]*" versions "${text}")
list(REMOVE_DUPLICATES versions)
if(NOT versions STREQUAL "@@SOCKOPS_${MAJOR}.${MINOR}")
	message(FATAL_ERROR "symbols of ${SHARED} have the versions ${versions}")
endif()
message(STATUS "headers of ${MAJOR}.${NEXT_MINOR} do not link with a library of ${MAJOR}.${MINOR}.${PATCH}")
