// SPDX-License-Identifier: MIT
// record_traces DIRECTORY TIMELINES: plays all scenarios in the machine's kernel. What it did is written
// to traces-ipv4.json and traces-ipv6.json in DIRECTORY, with replies.json; and as a text for each scenario
// (IPv4), to TIMELINES. record_traces --print PART [ipv6] [details]: plays those with PART in their names,
// and prints them.
#include <cstdio>
#include <cstring>
#include <fstream>

#include <sys/utsname.h>

#include "kernel_runner.hpp"
#include "reply_runner.hpp"
#include "scenarios.hpp"
#include "timeline_text.hpp"
#include "traces_recording.hpp"

namespace {

using namespace traces;

std::vector<scenario> scenarios_named(const char* part, ip_family family) {
	std::vector<scenario> chosen;
	for (scenario& each : scenarios())
		if (each.what.name.find(part) != std::string::npos) {
			each.what.family = family;
			chosen.push_back(std::move(each));
		}
	return chosen;
}

std::vector<played> play(const std::vector<scenario>& chosen) {
	std::vector<timeline> all;
	for (const scenario& each : chosen)
		all.push_back(each.what);
	return play_all(all);
}

void print_details(const scenario& each, const trace& seen) {
	for (std::size_t at = 0; at != seen.size(); ++at) {
		std::printf("  %s\n", text_of(each.what.steps[at]).c_str());
		for (const call& one : seen[at].client)
			std::printf("      client: %s\n", details_of(one).c_str());
		for (const call& one : seen[at].server)
			std::printf("      server: %s\n", details_of(one).c_str());
	}
}

int print(const char* part, ip_family family, bool details) {
	const std::vector<scenario> chosen = scenarios_named(part, family);
	const std::vector<played> all = play(chosen);
	for (std::size_t which = 0; which != chosen.size(); ++which) {
		std::printf("== %s %s\n", chosen[which].what.name.c_str(), all[which].error.c_str());
		if (details)
			print_details(chosen[which], all[which].seen);
		else
			std::printf("%s", timeline_text(chosen[which], all[which].seen).c_str());
	}
	return 0;
}

std::string machine() {
	utsname name{};
	::uname(&name);
	return std::string("Linux ") + name.release + " " + name.machine;
}

recorded_trace recorded(const scenario& what, const trace& seen) {
	recorded_trace one{what.what.name, {}, seen};
	for (const step& each : what.what.steps)
		one.steps.push_back(text_of(each));
	return one;
}

/// false: a run went wrong, or a file cannot be written.
bool record(ip_family family, const std::string& directory, const std::string& timelines) {
	const std::vector<scenario> chosen = scenarios_named("", family);
	traces_recording recording{machine(), family == ip_family::ipv4 ? 2u : 10u, {}};
	const std::vector<played> all = play(chosen);
	for (std::size_t which = 0; which != chosen.size(); ++which) {
		const std::string& name = chosen[which].what.name;
		if (!all[which].error.empty()) {
			std::fprintf(stderr, "%s: %s\n", name.c_str(), all[which].error.c_str());
			return false;
		}
		recording.traces.push_back(recorded(chosen[which], all[which].seen));
		if (family == ip_family::ipv4) {
			std::ofstream file(timelines + "/" + name + ".timeline");
			if (!(file << timeline_text(chosen[which], all[which].seen)))
				return false;
		}
	}
	return write_traces(directory + (family == ip_family::ipv4 ? "/traces-ipv4.json" : "/traces-ipv6.json"),
						recording);
}

bool record_replies(const std::string& directory) {
	const std::vector<reply_row> rows = reply_rows();
	const replies_seen seen = play_replies(rows);
	if (!seen.error.empty())
		std::fprintf(stderr, "%s\n", seen.error.c_str());
	return seen.error.empty() &&
		   write_replies(directory + "/replies.json", {machine(), replies_mtu, rows, seen.effects});
}

} // namespace

int main(int argc, char** argv) {
	if (argc < 3) {
		std::fprintf(stderr, "record_traces DIRECTORY TIMELINES\n"
							 "record_traces --print PART [ipv6] [details]\n");
		return 2;
	}
	if (const kernel_runner kernel; !kernel.unusable().empty()) {
		std::fprintf(stderr, "this machine's kernel cannot be asked: %s\n", kernel.unusable().c_str());
		return 1;
	}
	bool ipv6 = false, details = false;
	for (int at = 3; at < argc; ++at) {
		ipv6 = ipv6 || std::strcmp(argv[at], "ipv6") == 0;
		details = details || std::strcmp(argv[at], "details") == 0;
	}
	if (std::strcmp(argv[1], "--print") == 0)
		return print(argv[2], ipv6 ? ip_family::ipv6 : ip_family::ipv4, details);
	const bool written = record_replies(argv[1]) && record(ip_family::ipv4, argv[1], argv[2]) &&
						 record(ip_family::ipv6, argv[1], argv[2]);
	return written ? 0 : 1;
}
