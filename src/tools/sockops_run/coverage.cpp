// SPDX-License-Identifier: MIT
#include "coverage.hpp"

#include <filesystem>

#include <sockops/object/coverage.hpp>

#include "failure.hpp"

namespace sockops_run {

using namespace sockops;
namespace fs = std::filesystem;

namespace {

std::string path_of_source(const std::string& named, const std::vector<std::string>& objects) {
	const std::string path = coverage::system_headers_left_out(named);
	std::error_code ignored;
	if (path.empty() || (fs::path(path).is_absolute() && fs::is_regular_file(path, ignored)))
		return path;
	try {
		const std::string here = path_in_tree(path, objects);
		return here.empty() ? path : (top_of_tree() / here).string();
	} catch (const fs::filesystem_error&) {
		return path;
	}
}

} // namespace

void add_coverage(const object_set& objects, const std::vector<std::string>& files, const std::string& path) {
	coverage seen([&](const std::string& named) { return path_of_source(named, files); });
	for (const object_set::member& each : objects.members())
		seen.add(each.object);
	seen.add_to(path);
}

} // namespace sockops_run
