// SPDX-License-Identifier: MIT
#include "test_files.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

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
		if (std::error_code is_nowhere;
			each.path().extension() == ".timeline" && each.is_regular_file(is_nowhere))
			found.push_back(each.path().lexically_normal());
	std::ranges::sort(found);
	return found;
}

void refuse_what_is_no_test(const std::string& path) {
	std::error_code wrong;
	if (!fs::exists(path, wrong))
		throw usage_error(in_a_row(
			{"'--test ", path, "': ",
			 wrong ? "it cannot be looked at: " + wrong.message() : "there is no such file or folder"}));
	if (path.ends_with(".o") || path.ends_with(".c"))
		throw usage_error(
			in_a_row({"'--test ", path, "': a test is a timeline, which names its objects itself ('object ",
					  fs::path(path).filename().string(), "')"}));
}

} // namespace

std::vector<test_file> test_files(const std::vector<std::string>& paths) {
	std::vector<test_file> all;
	std::map<fs::path, std::size_t> known; // their places in `all`
	const auto add = [&](const std::string& path, bool was_named) {
		const auto [at, is_new] = known.emplace(fs::weakly_canonical(path), all.size());
		if (is_new)
			all.push_back({path, was_named});
		all[at->second].was_named |= was_named;
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
