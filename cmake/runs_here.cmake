# SPDX-License-Identifier: MIT
# SOCKOPS_RUNS_HERE: whether this machine runs what the compiler makes, perhaps by CMAKE_CROSSCOMPILING_EMULATOR. To CMake
# each build with a toolchain file that names the system is a cross build; so it is tried.
if(DEFINED SOCKOPS_RUNS_HERE)
	return()
endif()
set(runs_here ON)
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
	set(trial ${PROJECT_BINARY_DIR}/runs_here)
	file(WRITE ${trial}/trial.cpp "int main() { return 0; }\n")
	try_compile(compiled ${trial} SOURCES ${trial}/trial.cpp COPY_FILE ${trial}/trial)
	execute_process(COMMAND ${trial}/trial RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
	if(NOT compiled OR NOT failed EQUAL 0)
		set(runs_here OFF)
	endif()
endif()
set(SOCKOPS_RUNS_HERE ${runs_here} CACHE INTERNAL "This machine runs what the compiler makes")
