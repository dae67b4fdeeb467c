// SPDX-License-Identifier: MIT
// The programs of examples/found on real sockets of this machine's kernel and in the small TCP: what its page
// says of each is so there, and the same here.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "../../kernel_cases.hpp"
#include "kernel_way.hpp"

namespace {

using namespace three_ways;

struct finding {
	std::string timeline;
	program_case program;
	outcome says;          ///< what the kernel's run leaves, and the page tells
	std::string stopped{}; ///< in the reason why it is not played to its end here; "": it is
};

finding of(const std::string& name, const std::string& timeline, std::vector<std::string> programs,
		   outcome says, std::string stopped = {}) {
	finding made{timeline, {.name = name}, std::move(says), std::move(stopped)};
	made.program.entry = programs.front();
	made.program.later.assign(programs.begin() + 1, programs.end());
	made.program.file = FOUND_OBJECTS "/found_" + name + ".bpf.o";
	made.program.native = false;
	made.program.watched = true;
	for (const auto& [variable, value] : made.says)
		made.program.globals.push_back(variable);
	made.program.masks = {{"", "cookies are numbered by the machine", ": open["}};
	return made;
}

std::vector<finding> make_findings() {
	return {
		of("address", "plain", {"addresses"}, {{"same", "0"}, {"others", "1"}},
		   "4 bytes at offset 24 of struct bpf_sock_ops, where remote_ip4 is"),
		of("denied", "syn_lost", {"fast_syn", "observer"}, {{"timeout", "250"}, {"connections", "1"}}),
		of("enumerator", "syn_lost", {"established"}, {{"connections", "3"}}),
		of("flags", "data_lost_twice", {"retransmits", "rtt"}, {{"retransmitted", "0"}}),
		of("last_word", "syn_lost", {"fast_syn", "large_window", "closings"},
		   {{"timeout", "250"}, {"left_established", "0"}}),
		of("leak", "refused", {"connections"}, {{"entered", "1"}, {"taken_out", "0"}}),
		of("milliseconds", "syn_lost", {"ten_ms"}, {{"timeout", "10"}}),
		of("padding", "plain", {"flows"}, {{"entered", "1"}, {"taken_out", "0"}, {"not_there", "1"}}),
		of("ports", "plain", {"of_service"}, {{"found", "0"}, {"missed", "1"}}),
		of("request", "plain", {"buffers"}, {{"sized", "1"}, {"not_sized", "1"}}),
		of("room", "plain", {"tag"}, {{"written", "0"}}),
		of("sizes", "plain", {"number_segments"}, {}),
		of("too_late", "syn_lost", {"losses"}, {{"timeouts_of_syns", "0"}}),
		of("units", "plain", {"latency"}, {{"set", "0"}, {"refused", "1"}, {"factor", "8"}}),
		of("window", "plain", {"large_window"}, {{"announced", "57920"}}),
	};
}

const std::vector<finding>& findings() {
	static const std::vector<finding> all = make_findings();
	return all;
}

TEST(found, each_program_of_the_folder_is_compared) {
	std::set<std::string> there, compared;
	for (const auto& file : std::filesystem::directory_iterator(FOUND_SOURCES))
		if (const std::string name = file.path().filename(); name.ends_with(".bpf.c"))
			there.insert(name.substr(0, name.find('.')));
	for (const finding& each : findings())
		compared.insert(each.program.name);
	EXPECT_EQ(compared, there);
}

/// In the small TCP; or why it was stopped there.
compared compare_here(const finding& each, const std::string& where, const outcome& in_kernel) {
	const timeline what = bare_timeline(each.timeline, false);
	if (each.stopped.empty())
		return compare(each.program, where, "kernel", in_kernel, "interpreted",
					   play_interpreted(each.program, what).left);
	try {
		(void)play_interpreted(each.program, what);
	} catch (const std::runtime_error& error) {
		if (std::string_view(error.what()).find(each.stopped) != std::string_view::npos)
			return {1, 0};
		std::printf("%s: %s\n", where.c_str(), error.what());
	}
	return {1, 1};
}

/// What the kernel's run left, against the page and what it leaves here.
compared compare_all(const finding& each, const kernel_run& in_kernel) {
	const std::string where = each.program.name + ", " + each.timeline;
	if (!in_kernel.error.empty()) {
		std::printf("%s: %s\n", where.c_str(), in_kernel.error.c_str());
		return {1, 1};
	}
	compared result = compare_here(each, where, in_kernel.left);
	for (const auto& [name, value] : each.says) {
		const auto found = in_kernel.left.find(name);
		const std::string left = found == in_kernel.left.end() ? "nothing" : found->second;
		if (left != value)
			std::printf("%s: %s: the kernel %s, the page %s\n", where.c_str(), name.c_str(), left.c_str(),
						value.c_str());
		result += {1, left != value};
	}
	return result;
}

TEST(found, is_so_in_the_kernel_and_here) {
	std::vector<traces::kernel_runner> runners(findings().size());
	if (!runners[0].unusable().empty())
		GTEST_SKIP() << runners[0].unusable();
	std::vector<kernel_run> runs(findings().size());
	std::vector<std::thread> players;
	for (std::size_t at = 0; at != runs.size(); ++at)
		players.emplace_back([&, at] {
			const finding& each = findings()[at];
			runs[at] = play_in_kernel(runners[at], each.program, bare_timeline(each.timeline, false));
		});
	for (std::thread& player : players)
		player.join();
	compared total;
	for (std::size_t at = 0; at != runs.size(); ++at) {
		const finding& each = findings()[at];
		compared result = compare_all(each, runs[at]);
		// The kernel's timers run in real time, beside whatever else this machine does.
		for (int plays = 1; result.mismatches != 0 && plays != 3; ++plays)
			result = compare_all(
				each, play_in_kernel(runners[at], each.program, bare_timeline(each.timeline, false)));
		total += result;
	}
	report_cases("found", total.cases, total.mismatches);
}

} // namespace
