# SPDX-License-Identifier: MIT
# cmake -D SOURCE_DIR=… -P numbers.cmake: how many helpers and kfuncs there are stands on pages as the reference has them,
# which is written from the tables.
set(reference ${SOURCE_DIR}/include/sockops/reference)

# listed(PAGE): sets `here` to how many of PAGE are modelled, and `others` to the text of those that are not.
macro(listed page)
	file(STRINGS ${reference}/${page} rows REGEX "^\\| \\[`bpf_")
	list(LENGTH rows here)
	file(READ ${reference}/${page} others)
	string(FIND "${others}" "\n## Not here\n" at)
	string(SUBSTRING "${others}" ${at} -1 others)
endmacro()

# says(PAGE WORDS)
function(says page words)
	file(READ ${SOURCE_DIR}/${page} text)
	string(REGEX REPLACE "[ \n]+" " " text "${text}")
	string(FIND "${text}" "${words}" at)
	if(at EQUAL -1)
		message(FATAL_ERROR "${page} does not say '${words}'")
	endif()
endfunction()

listed(kfuncs.md)
set(kfuncs ${here})
listed(helpers.md)
string(REGEX MATCHALL "`bpf_[a-z0-9_]+` \\([0-9]+\\)" others "${others}")
list(LENGTH others all)
math(EXPR all "${all} + ${here}")
file(STRINGS ${SOURCE_DIR}/tests/kernel_cases.txt row REGEX " kfuncs$")
string(REGEX MATCH "[0-9]+" all_kfuncs "${row}")

says(include/sockops/object/README.md "| ${here} of the ${all} that a SOCK_OPS program of 6.18 may call")
says(include/sockops/object/README.md "| ${kfuncs} of the ")
says(include/sockops/object/README.md "all ${all_kfuncs} of 6.18:")
says(.github/CHANGELOG.md "${here} helpers and ${kfuncs} kfuncs")
says(tests/kernel/FINDINGS.md "`bpf/helper_table.hpp` has all ${all} |")
message(STATUS "${here} of ${all} helpers, ${kfuncs} of ${all_kfuncs} kfuncs")
