# SPDX-License-Identifier: MIT
# Packs the static sockops-run. Run with cmake -P; PROGRAM is it, LINKED the linker's map of it, BUILD the folder of
# what is this project's own, LIBBPF the archive whose copy is in it, PAGES the folder of man pages and completion,
# LICENCE this project's, FORMAT the page about timelines, SCHEMA that of --json, NAME the tarball's name without ".tar.gz", which is made in
# the folder WORK.
#
# Whose code is in the program is read from the linker's map, and asked of dpkg: what is told of licences is true of
# this one file. Another system than Debian has to say it by itself.
cmake_minimum_required(VERSION 3.23)

# Source packages of Debian: what their libraries may be linked by.
set(terms_of_elfutils "LGPL-3.0-or-later or GPL-2.0-or-later; here: LGPL-3.0-or-later")
set(terms_of_libbpf "LGPL-2.1-only or BSD-2-Clause; here: BSD-2-Clause")
set(terms_of_zlib "Zlib")
set(terms_of_glibc "LGPL-2.1-or-later")
set(terms_of_gcc "GPL-3.0-or-later with the GCC Runtime Library Exception 3.1, which permits this")
set(terms_of_libzstd "BSD-3-Clause or GPL-2.0-only; here: BSD-3-Clause")
set(may_be_changed elfutils glibc) # by the LGPL, and linked anew

set(folder ${WORK}/${NAME})
set(doc ${folder}/share/doc/sockops-run)
file(REMOVE_RECURSE ${folder})
file(MAKE_DIRECTORY ${folder})

function(ask_dpkg result)
	execute_process(COMMAND dpkg-query ${ARGN} OUTPUT_VARIABLE said ERROR_VARIABLE wrong RESULT_VARIABLE failed)
	if(failed)
		list(JOIN ARGN " " words)
		message(FATAL_ERROR "sockops-run-tarball: the terms of what is linked in are not known: dpkg-query ${words}: "
			"${wrong}. The tarball is made on Debian, from Debian's libraries.")
	endif()
	string(STRIP "${said}" said)
	set(${result} "${said}" PARENT_SCOPE)
endfunction()

# The files that were linked, and their packages.
file(STRINGS ${LINKED} lines REGEX "^LOAD /")
list(TRANSFORM lines REPLACE "^LOAD " "")
set(libraries "")
foreach(file IN LISTS lines ITEMS ${LIBBPF})
	file(REAL_PATH ${file} path)
	string(FIND ${path} ${BUILD}/ own)
	string(FIND ${path} /lib/ library)
	if(library GREATER_EQUAL 0 AND NOT own EQUAL 0)
		list(APPEND libraries ${path})
	endif()
endforeach()
list(REMOVE_DUPLICATES libraries)
ask_dpkg(owners --search ${libraries})
string(REGEX MATCHALL "(^|\n)[^:,\n]+" packages "${owners}")
list(TRANSFORM packages STRIP)
list(REMOVE_DUPLICATES packages)
list(SORT packages)

set(table "")
set(changeable "")
foreach(package IN LISTS packages)
	ask_dpkg(about --show "--showformat=\${source:Package} \${source:Version}\n" ${package})
	string(REGEX MATCH "^([^ ]+) ([^\n]+)" about "${about}") # of several architectures the first
	set(source ${CMAKE_MATCH_1})
	set(version ${CMAKE_MATCH_2})
	string(REGEX REPLACE "^gcc-[0-9]+$" "gcc" name ${source})
	if(NOT DEFINED terms_of_${name})
		message(FATAL_ERROR "sockops-run-tarball: ${package}, from the source package ${source}, is linked in, and "
			"tarball.cmake does not know on which terms: add terms_of_${name}, and check that the NOTICE stays true")
	endif()
	string(APPEND table "  ${package} (Debian's ${source} ${version})\n      ${terms_of_${name}}\n")
	if(name IN_LIST may_be_changed)
		string(APPEND changeable " ${source}=${version}")
	endif()
	set(copyright /usr/share/doc/${package}/copyright)
	if(NOT EXISTS ${copyright})
		message(FATAL_ERROR "sockops-run-tarball: ${copyright} is not there, and has to be in the tarball: apt-get "
			"install --reinstall ${package}, with documentation not left out")
	endif()
	file(READ ${copyright} text)
	file(WRITE ${doc}/licenses/${package} "${text}")
	string(REGEX MATCHALL "/usr/share/common-licenses/[A-Z]+-?[0-9.]*[0-9]" named "${text}")
	foreach(licence IN LISTS named)
		file(REAL_PATH ${licence} licence)
		file(COPY ${licence} DESTINATION ${doc}/licenses)
	endforeach()
endforeach()
foreach(licence IN ITEMS LGPL-2.1 LGPL-3 GPL-3)
	if(NOT EXISTS ${doc}/licenses/${licence})
		file(COPY /usr/share/common-licenses/${licence} DESTINATION ${doc}/licenses)
	endif()
endforeach()

string(REGEX REPLACE "^ " "" changeable "${changeable}")
file(WRITE ${doc}/NOTICE "sockops-run ${VERSION}, static form: what is in it, and on which terms

sockops-run is under the MIT licence (LICENSE). Linked into the file bin/sockops-run are the libraries of

${table}
and what headers of Boost (BSL-1.0) and of Linux's user-space interface (GPL-2.0 WITH Linux-syscall-note) say.
Whole texts: licenses/, a file a package, and those of the licences that they name.

elfutils' libraries and glibc are under the LGPL: you may change them, link sockops-run with what you have made
of them, and take it apart to find the faults of that. This takes

  - the sources of sockops-run ${VERSION}, under the MIT licence: they are where this file was to be had
  - the sources of the libraries as they are linked here:
        apt-get source ${changeable}
    or https://snapshot.debian.org/package/NAME/VERSION/
  - cmake --preset release -D SOCKOPS_BUILD_TESTS=OFF -D SOCKOPS_BUILD_BENCH=OFF
    cmake --build --preset release --target sockops-run-static
    with the changed libelf.a or libc.a in a folder that -D CMAKE_EXE_LINKER_FLAGS=-LFOLDER names

Who gives this file to others gives them this notice, the licences and the same sources with it: beside it, where
it is published (apt-get source --download-only ${changeable}).
")
file(COPY ${LICENCE} ${FORMAT} ${SCHEMA} DESTINATION ${doc})
file(COPY ${PAGES}/man/man1/sockops-run.1 DESTINATION ${folder}/share/man/man1)
file(COPY ${PAGES}/bash-completion/completions/sockops-run DESTINATION ${folder}/share/bash-completion/completions)
file(COPY ${PROGRAM} DESTINATION ${folder}/bin)
get_filename_component(name ${PROGRAM} NAME)
file(RENAME ${folder}/bin/${name} ${folder}/bin/sockops-run)

execute_process(COMMAND ${CMAKE_COMMAND} -E tar czf ${NAME}.tar.gz ${NAME} WORKING_DIRECTORY ${WORK}
	COMMAND_ERROR_IS_FATAL ANY)
file(SHA256 ${WORK}/${NAME}.tar.gz sum)
file(WRITE ${WORK}/${NAME}.tar.gz.sha256 "${sum}  ${NAME}.tar.gz\n")
