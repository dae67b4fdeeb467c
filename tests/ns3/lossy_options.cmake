# SPDX-License-Identifier: MIT
# A bad option ends ns3_lossy with status 2, nothing on stdout, and an error that names the option, the
# value and what to give instead.
#   cmake -D PROGRAM=ns3_lossy -P lossy_options.cmake

function(refused pattern)
	execute_process(COMMAND ${PROGRAM} ${ARGN} OUTPUT_VARIABLE printed ERROR_VARIABLE complained
		RESULT_VARIABLE status)
	if(NOT status EQUAL 2 OR NOT printed STREQUAL "" OR NOT complained MATCHES "${pattern}")
		message(SEND_ERROR "ns3_lossy ${ARGN}: exit status ${status}\n${printed}\n${complained}")
	endif()
endfunction()

refused("--loss '2': give a probability" --loss 2)
refused("--loss '-0.1': give a probability" --loss -0.1)
refused("--loss 'nan': give a probability" --loss nan)
refused("--loss '0.1x': give a probability" --loss 0.1x)
refused("--loss has no value" --json --loss)
refused("--seed '0': give a whole number" --seed 0)
refused("--seed '1.5': give a whole number" --seed 1.5)
refused("--seed '99999999999': give a whole number" --seed 99999999999)
refused("unknown option '--frob'.*--help" --frob)
refused("unknown option 'seed'" seed 3)

execute_process(COMMAND ${PROGRAM} --help OUTPUT_VARIABLE printed RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR NOT printed MATCHES "--loss P.*--seed N.*--no-handlers.*--json")
	message(SEND_ERROR "ns3_lossy --help: exit status ${status}\n${printed}")
endif()
