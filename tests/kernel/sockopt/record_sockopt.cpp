// SPDX-License-Identifier: MIT
// record_sockopt FILE: asks the machine's kernel for a selection of the scenes, and writes what it answers.
#include <cstdio>

#include <sys/utsname.h>

#include "kernel_side.hpp"
#include "recording.hpp"
#include "scripts.hpp"

namespace {

using namespace sockopt_diff;

/// One scene in `every`, from the `first` on.
void select(std::vector<scene>& to, std::vector<scene> from, std::size_t every, std::size_t first = 0) {
	for (std::size_t at = first; at < from.size(); at += every)
		to.push_back(std::move(from[at]));
}

} // namespace

int main(int argc, char** argv) {
	if (argc != 2) {
		std::fprintf(stderr, "record_sockopt FILE\n");
		return 2;
	}
	kernel_side kernel;
	if (!kernel.unusable().empty()) {
		std::fprintf(stderr, "this machine's kernel cannot be asked: %s\n", kernel.unusable().c_str());
		return 1;
	}
	utsname name{};
	::uname(&name);
	recording result{std::string("Linux ") + name.release + " " + name.machine, kernel.where(), {}};
	select(result.scenes, every_option(), 97);
	select(result.scenes, every_value(), 11);
	select(result.scenes, names(kernel.where()), 4);
	select(result.scenes, saved_syns(), 5);
	select(result.scenes, other_ops(), 3);
	select(result.scenes, random_sequences(24), 1);
	for (scene& each : result.scenes)
		if (!kernel.play(each)) {
			std::fprintf(stderr, "%s: the connection failed; nothing is written\n", each.name.c_str());
			return 1;
		}
	if (write_recording(argv[1], result))
		return 0;
	std::perror(argv[1]);
	return 1;
}
