// SPDX-License-Identifier: MIT
// Writes the cases of the .isa files as inputs of vm_fuzz, raw and as programs of a socket, as they are and
// mended:
//   vm_seeds <folder with the .isa files> <folder to write to>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>

#include "../vm/isa/case_file.hpp"

int main(int argc, char** argv) {
	if (argc != 3) {
		std::fprintf(stderr, "usage: vm_seeds <folder with the .isa files> <folder to write to>\n");
		return 1;
	}
	try {
		for (const isa::test_case& each : isa::read_cases(argv[1]))
			for (const char kind : {'\0', '\1', '\2', '\3'}) { // what the first byte of an input says
				const bool program = kind & 1;
				std::ofstream file(std::string(argv[2]) + "/" + each.name + "." +
									   static_cast<char>('0' + kind),
								   std::ios::binary);
				file.put(kind).put(program ? '\x13' : static_cast<char>(each.memory.size()));
				file.write(reinterpret_cast<const char*>(each.insns.data()),
						   static_cast<std::streamsize>(each.insns.size() * sizeof(sockops::bpf_insn)));
			}
	} catch (const std::exception& error) {
		std::fprintf(stderr, "vm_seeds: %s\n", error.what());
		return 1;
	}
}
