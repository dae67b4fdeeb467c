// SPDX-License-Identifier: MIT
#include "test_files.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "../command/words.hpp"
#include "arguments.hpp"

namespace sockops_run {

using namespace sockops::tools;

namespace {

namespace fs = std::filesystem;

std::vector<std::string> timelines_in(const fs::path& folder) {
	std::vector<std::string> found;
	for (const fs::directory_entry& each :
		 fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied))
		if (each.path().extension() == ".timeline" && each.is_regular_file())
			found.push_back(each.path().lexically_normal());
	std::ranges::sort(found);
	return found;
}

void refuse_what_is_no_test(const std::string& path) {
	if (!fs::exists(path))
		throw usage_error(in_a_row({"'--test ", path, "': there is no such file or folder"}));
	if (path.ends_with(".o") || path.ends_with(".c"))
		throw usage_error(
			in_a_row({"'--test ", path, "': a test is a timeline, which names its objects itself ('object ",
					  fs::path(path).filename().string(), "')"}));
}

} // namespace

std::vector<test_file> test_files(const std::vector<std::string>& paths) {
	std::vector<test_file> all;
	std::set<fs::path> known;
	const auto add = [&](const std::string& path, bool was_named) {
		if (known.insert(fs::weakly_canonical(path)).second)
			all.push_back({path, was_named});
	};
	for (const std::string& path : paths) {
		refuse_what_is_no_test(path);
		if (!fs::is_directory(path))
			add(path, true);
		else
			for (const std::string& each : timelines_in(path))
				add(each, false);
	}
	return all;
}

} // namespace sockops_run
