// SPDX-License-Identifier: MIT
// sockops_native_table NAME SOURCE OBJECT OUTPUT: writes the C file that compiles SOURCE for this machine and
// tells the names and places of what is in it, as OBJECT has them.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <sockops/object/bpf_object.hpp>

#include "table_writer.hpp"

int main(int argc, char** argv) {
	if (argc != 5) {
		std::fprintf(stderr, "usage: %s NAME SOURCE OBJECT OUTPUT\n", argv[0]);
		return 2;
	}
	try {
		std::ofstream out(argv[4]);
		sockops::native::write_table(out, {argv[1], argv[2], argv[3]});
		out.close();
		if (out)
			return 0;
		std::fprintf(stderr, "%s cannot be written: %s\n", argv[4], std::strerror(errno));
	} catch (const sockops::object_error& wrong) {
		std::fprintf(stderr, "%s\n", wrong.what());
	}
	return 1;
}
