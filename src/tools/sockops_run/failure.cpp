// SPDX-License-Identifier: MIT
#include "failure.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "../command/words.hpp"

namespace sockops_run {

using namespace sockops::tools;

namespace {

namespace fs = std::filesystem;

/// What ends a command, or a property of it, is written by its number.
std::string escaped(std::string_view text, std::string_view ends) {
	std::string all;
	for (const char c : text)
		if (ends.find(c) == ends.npos)
			all += c;
		else
			all += c == '%' ? "%25" : c == '\r' ? "%0D" : c == '\n' ? "%0A" : c == ':' ? "%3A" : "%2C";
	return all;
}
std::string property(std::string_view text) { return escaped(text, "%\r\n:,"); }

/// "" for what is not in the tree.
std::string relative_to(const fs::path& top, const fs::path& file) {
	const fs::path relative = fs::weakly_canonical(file).lexically_relative(top);
	return relative.empty() || *relative.begin() == ".." ? std::string() : relative.string();
}

/// Those of the objects and those above them, as far as they are in the tree; and its top.
std::vector<fs::path> folders_around(const std::vector<std::string>& objects, const fs::path& top) {
	std::vector<fs::path> folders;
	for (const std::string& object : objects)
		for (fs::path at = fs::weakly_canonical(fs::absolute(object)).parent_path();
			 at != top && !relative_to(top, at).empty(); at = at.parent_path())
			folders.push_back(at);
	folders.push_back(top);
	return folders;
}

/// A file system that cannot be asked is no reason to fail otherwise.
std::string found_in_tree(const std::string& named, const std::vector<std::string>& objects) {
	try {
		return named.empty() ? named : path_in_tree(named, objects);
	} catch (const fs::filesystem_error&) {
		return {};
	}
}

} // namespace

fs::path top_of_tree() {
	const char* const told = std::getenv("GITHUB_WORKSPACE");
	return fs::weakly_canonical(told && *told ? fs::path(told) : fs::current_path());
}

std::string path_in_tree(const std::string& named, const std::vector<std::string>& objects) {
	const fs::path top = top_of_tree();
	std::error_code ignored;
	fs::path rest = named;
	if (rest.is_absolute() && fs::is_regular_file(rest, ignored))
		return relative_to(top, rest);
	const std::vector<fs::path> folders = folders_around(objects, top);
	for (rest = rest.relative_path(); !rest.empty(); rest = rest.lexically_relative(*rest.begin())) {
		for (const fs::path& folder : folders)
			if (fs::is_regular_file(folder / rest, ignored))
				return relative_to(top, folder / rest);
		if (++rest.begin() == rest.end())
			break;
	}
	return {};
}

bool has_place(const failure& what, const std::vector<std::string>& objects) {
	return !found_in_tree(what.file, objects).empty();
}

std::string annotation(const failure& of, const std::vector<std::string>& objects) {
	const std::string file = found_in_tree(of.file, objects);
	std::string place;
	if (!file.empty())
		place = in_a_row({"file=", property(file), ","});
	if (!file.empty() && of.line != 0)
		place += in_a_row({"line=", std::to_string(of.line), ","});
	return in_a_row({of.fails ? "::error " : "::warning ", place, "title=", property(of.title),
					 "::", escaped(of.text, "%\r\n"), "\n"});
}

} // namespace sockops_run
