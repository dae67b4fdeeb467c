// SPDX-License-Identifier: MIT
#include "annotate.hpp"

#include <iostream>

namespace sockops_run {

void annotate(const failure& what, const std::vector<std::string>& objects, const arguments& with) {
	if (!with.annotations)
		return;
	std::cout.flush();
	std::cerr << annotation(what, objects);
}

void annotate(const failure& what, const arguments& with) {
	std::vector<std::string> files;
	for (const placed_file& each : with.objects)
		files.push_back(each.file);
	annotate(what, files, with);
}

} // namespace sockops_run
