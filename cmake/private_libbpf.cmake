# SPDX-License-Identifier: MIT
# Makes OUTPUT, one object file, of the static libbpf ARCHIVE: a copy for this library alone (why: NAMES, which is
# src/object/libbpf/libbpf.hpp). Run with cmake -P; AR, LD and OBJCOPY are the tools, WORK a folder of its own.
#
# What the copy calls of the machine and what it calls here instead:
#   syscall                 bpf(2), perf_event_open(2)
#   uname, gzopen64         the kernel's release, and its configuration for __kconfig variables
#   fopen64                 its symbols, and whether it has kprobes
#   access, faccessat       what files the kernel has
#   btf__load_vmlinux_btf   the types of the kernel
#   stderr                  not another: but Debian's archive is compiled for executables, and reaches what is elsewhere
#                           in a way that a shared object forbids. It is the only variable that is elsewhere.

set(redirected syscall uname gzopen64 fopen64 access faccessat btf__load_vmlinux_btf stderr)

function(run)
	execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE failed ERROR_VARIABLE errors)
	if(failed)
		message(FATAL_ERROR "sockops: the private copy of ${ARCHIVE} was not made: ${ARGN}: ${errors}")
	endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
run(${AR} x ${ARCHIVE})
# The copy's own version is out of the way; those who call it are redirected below.
run(${OBJCOPY} --redefine-sym btf__load_vmlinux_btf=btf__load_machine_btf btf.o)
file(GLOB parts ${WORK}/*.o)
run(${LD} -r -o all.o ${parts})

set(symbols "")
foreach(name IN LISTS redirected)
	string(APPEND symbols "${name} sockops_libbpf_${name}\n")
endforeach()
file(STRINGS ${NAMES} lines REGEX "asm\\(\"sockops_libbpf_")
foreach(line IN LISTS lines)
	string(REGEX REPLACE ".*asm\\(\"sockops_libbpf_([a-z_0-9]+)\".*" "\\1" name "${line}")
	string(APPEND symbols "${name} sockops_libbpf_${name}\n")
endforeach()
file(WRITE ${WORK}/symbols "${symbols}")
run(${OBJCOPY} --redefine-syms=symbols all.o renamed.o)
run(${OBJCOPY} --wildcard --keep-global-symbol=sockops_libbpf_* renamed.o ${OUTPUT})
