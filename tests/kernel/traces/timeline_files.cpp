// SPDX-License-Identifier: MIT
#include "timeline_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace traces {

namespace {

constexpr std::size_t longest_line = 110;

/// As many lines as it takes.
std::string expectation(side who, const std::vector<call>& calls) {
	const std::string begin = std::string("\t\t") + side_name(who) + ":";
	std::string text, line = begin;
	for (const call& one : calls) {
		const std::string word = text_of(one);
		if (line.size() + 1 + word.size() > longest_line) {
			text += line + "\n";
			line = begin;
		}
		line += " ";
		line += word;
	}
	return text + line + (calls.empty() ? " nothing\n" : "\n");
}

bool is_expectation(const std::string& line) {
	const std::size_t begin = line.find_first_not_of("\t ");
	if (begin == 0 || begin == line.npos)
		return false;
	return line.compare(begin, 7, "client:") == 0 || line.compare(begin, 7, "server:") == 0;
}

} // namespace

std::string content_of(const std::string& path) {
	std::ostringstream text;
	text << std::ifstream(path).rdbuf();
	return text.str();
}

std::vector<named_timeline> timeline_files(const std::string& directory, bool ipv6, const std::string& part) {
	std::vector<std::filesystem::path> paths;
	for (const auto& entry : std::filesystem::directory_iterator(directory))
		if (entry.path().extension() == ".timeline" &&
			entry.path().stem().string().find(part) != std::string::npos)
			paths.push_back(entry.path());
	std::sort(paths.begin(), paths.end());
	std::vector<named_timeline> all;
	for (const std::filesystem::path& path : paths) {
		timeline read = timeline::parse_file(path.string());
		const auto& addresses = read.settings.addresses;
		const bool has_addresses = addresses[0] || addresses[1];
		if ((has_addresses && read.settings.ipv6 != ipv6) || (ipv6 && read.settings.mtu < 1280))
			continue;
		read.settings.ipv6 = ipv6;
		all.push_back({path.stem().string(), std::move(read)});
	}
	return all;
}

std::string with_expectations(const std::string& text, const timeline& what, const trace& seen) {
	std::istringstream lines(text);
	std::string line, result;
	std::size_t event = 0;
	for (unsigned number = 1; std::getline(lines, line); ++number) {
		if (is_expectation(line))
			continue;
		result += line + "\n";
		if (event == what.events.size() || what.events[event].line != number)
			continue;
		result += expectation(side::client, seen.at(event).client);
		result += expectation(side::server, seen.at(event).server);
		++event;
	}
	return result;
}

} // namespace traces
