# SPDX-License-Identifier: MIT
# Warnings and sanitizers for a target of this project. Never for those who use it.
function(sockops_own_code target)
	target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
	if(SOCKOPS_WERROR)
		target_compile_options(${target} PRIVATE -Werror)
	endif()
	if(SOCKOPS_SANITIZE)
		target_compile_options(${target} PRIVATE -fsanitize=${SOCKOPS_SANITIZE}
			-fno-sanitize-recover=all -fno-omit-frame-pointer -g)
		target_link_options(${target} PRIVATE -fsanitize=${SOCKOPS_SANITIZE})
	endif()
endfunction()

# After NAME SOURCE of sockops_bpf_object() and sockops_native_program(): the same of BPF programs.
set(sockops_own_bpf OPTIONS -Wall -Wextra -Werror)
