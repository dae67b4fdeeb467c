// SPDX-License-Identifier: MIT
// record_traces --all [DIRECTORY]: plays tests/timelines/ in the machine's kernel. What it did is written to
// traces-ipv4.json, traces-ipv6.json and replies.json there; without one, in tests/kernel/recorded/.
// record_traces --expect FILE…: plays these timelines, and writes what was seen into them, as expectations.
// record_traces --print FILE… and --details FILE…: prints them with what was seen.
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>

#include <sys/utsname.h>

#include "kernel_runner.hpp"
#include "reply_runner.hpp"
#include "traces_recording.hpp"

namespace {

using namespace traces;

/// false: one went wrong, and why was said.
bool succeeded(const std::vector<named_timeline>& all, const std::vector<played>& results) {
	bool good = true;
	for (std::size_t which = 0; which != all.size(); ++which) {
		if (results[which].error.empty())
			continue;
		std::fprintf(stderr, "%s: %s\n", all[which].name.c_str(), results[which].error.c_str());
		good = false;
	}
	return good;
}

void print_details(const timeline& what, const trace& seen) {
	for (std::size_t at = 0; at != seen.size(); ++at) {
		std::printf("  %s\n", what.events[at].text.c_str());
		for (const call& one : seen[at].client)
			std::printf("      client: %s\n", details_of(one).c_str());
		for (const call& one : seen[at].server)
			std::printf("      server: %s\n", details_of(one).c_str());
	}
}

enum class output : std::uint8_t { expectations, text, details };

/// Timelines of one's own; of the family that they say.
bool play_files(char** begin, char** end, output how) {
	std::vector<named_timeline> all;
	for (char** path = begin; path != end; ++path)
		all.push_back({*path, timeline::parse_file(*path)});
	const std::vector<played> results = play_all(all);
	bool good = succeeded(all, results);
	for (std::size_t which = 0; which != all.size(); ++which) {
		const auto& [path, what] = all[which];
		if (!results[which].error.empty())
			continue;
		const std::string text = with_expectations(content_of(path), what, results[which].seen);
		if (how == output::expectations)
			good = good && std::ofstream(path) << text;
		else if (how == output::text)
			std::printf("%s", text.c_str());
		else
			print_details(what, results[which].seen);
	}
	return good;
}

std::string machine() {
	utsname name{};
	::uname(&name);
	return std::string("Linux ") + name.release + " " + name.machine;
}

/// false: a run went wrong, or the file cannot be written.
bool record(const std::string& directory, bool ipv6) {
	const std::vector<named_timeline> all = timeline_files(TIMELINES, ipv6);
	traces_recording recording{machine(), ipv6 ? 10u : 2u, {}};
	const std::vector<played> results = play_all(all);
	for (std::size_t which = 0; which != all.size(); ++which) {
		const auto where = all[which].what.addresses();
		recording.traces.push_back({all[which].name, where[0].port, where[1].port, {}, results[which].seen});
		for (const timeline_event& each : all[which].what.events)
			recording.traces.back().steps.push_back(each.text);
	}
	return succeeded(all, results) &&
		   write_traces(directory + (ipv6 ? "/traces-ipv6.json" : "/traces-ipv4.json"), recording);
}

bool record_replies(const std::string& directory) {
	const std::vector<reply_row> rows = reply_rows();
	const replies_seen seen = play_replies(rows);
	if (!seen.error.empty())
		std::fprintf(stderr, "%s\n", seen.error.c_str());
	return seen.error.empty() &&
		   write_replies(directory + "/replies.json", {machine(), replies_mtu, rows, seen.effects});
}

bool run(int argc, char** argv) {
	if (std::strcmp(argv[1], "--all") == 0) {
		const std::string directory = argc > 2 ? argv[2] : RECORDED_ANSWERS;
		return record_replies(directory) && record(directory, false) && record(directory, true);
	}
	if (std::strcmp(argv[1], "--expect") == 0)
		return play_files(argv + 2, argv + argc, output::expectations);
	if (std::strcmp(argv[1], "--print") == 0)
		return play_files(argv + 2, argv + argc, output::text);
	if (std::strcmp(argv[1], "--details") == 0)
		return play_files(argv + 2, argv + argc, output::details);
	std::fprintf(stderr, "record_traces: %s is not known; --all, --expect, --print and --details are\n",
				 argv[1]);
	return false;
}

} // namespace

int main(int argc, char** argv) {
	if (argc < 2) {
		std::fprintf(stderr, "record_traces --all [DIRECTORY]\n"
							 "record_traces --expect|--print|--details FILE…\n");
		return 2;
	}
	if (const kernel_runner kernel; !kernel.unusable().empty()) {
		std::fprintf(stderr, "this machine's kernel cannot be asked: %s\n", kernel.unusable().c_str());
		return 1;
	}
	try {
		return run(argc, argv) ? 0 : 1;
	} catch (const std::exception& error) {
		std::fprintf(stderr, "%s\n", error.what());
		return 1;
	}
}
