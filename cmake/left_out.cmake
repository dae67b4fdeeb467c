# SPDX-License-Identifier: MIT
# What this build goes without, and why: said in the end of configuring, and by find_package(sockops COMPONENTS …) of
# what is installed. A part is a component, whose target is sockops::PART, or the name of what else is missing.
#
# The global property sockops_why_no_PART has the reason; of a part that is here it is empty.

# sockops_left_out(REASON PART …): the machine lacks something. REASON ends with the name of Debian's package.
function(sockops_left_out reason)
	string(MD5 key "${reason}")
	set_property(GLOBAL PROPERTY sockops_reason_${key} "${reason}")
	set_property(GLOBAL APPEND PROPERTY sockops_reasons ${key})
	foreach(part IN LISTS ARGN)
		set_property(GLOBAL APPEND PROPERTY sockops_without_${key} "${part}")
		set_property(GLOBAL PROPERTY "sockops_why_no_${part}" "${reason}")
	endforeach()
endfunction()

# sockops_switched_off(OPTION PART …): whoever configured it knows.
function(sockops_switched_off option)
	foreach(part IN LISTS ARGN)
		set_property(GLOBAL PROPERTY "sockops_why_no_${part}" "${option} is OFF")
	endforeach()
endfunction()

# sockops_left_out_as(OTHER PART …): each PART needs OTHER, which is left out or switched off.
function(sockops_left_out_as other)
	get_property(reason GLOBAL PROPERTY sockops_why_no_${other})
	if(reason MATCHES " is OFF$")
		string(REGEX REPLACE " is OFF$" "" option "${reason}")
		sockops_switched_off(${option} ${ARGN})
	else()
		sockops_left_out("${reason}" ${ARGN})
	endif()
endfunction()

# What is left out, a line for each reason.
function(sockops_say_what_is_left_out)
	get_property(keys GLOBAL PROPERTY sockops_reasons)
	list(REMOVE_DUPLICATES keys)
	if(keys)
		message(STATUS "sockops ${PROJECT_VERSION} is made without:")
	endif()
	foreach(key IN LISTS keys)
		get_property(reason GLOBAL PROPERTY sockops_reason_${key})
		get_property(parts GLOBAL PROPERTY sockops_without_${key})
		list(JOIN parts ", " parts)
		message(STATUS "  ${parts}: ${reason}")
	endforeach()
endfunction()
