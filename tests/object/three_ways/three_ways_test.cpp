// SPDX-License-Identifier: MIT
// Each program on real sockets of this machine's kernel, and in the small TCP, interpreted and native: what
// it leaves behind is the same. In three forms: compiled with the UAPI's headers, with this library's
// vmlinux.h, and with a kernel's.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#include <sys/utsname.h>

#include "../../kernel_cases.hpp"
#include "compiled.hpp"
#include "kernel_header.hpp"
#include "kernel_way.hpp"

namespace {

using namespace three_ways;

struct played_case {
	const program_case* of;
	std::string name; ///< of the timeline
	timeline what;
	kernel_run in_kernel;

	[[nodiscard]] std::string where() const {
		return of->name + of->form + ", " + name + (what.settings.ipv6 ? ", IPv6" : ", IPv4");
	}
};

/// SOCKOPS_ONLY="tune plain" leaves the cases with these words in their names: for a person who looks for a
/// difference.
bool is_wanted(const std::string& where) {
	const char* const only = std::getenv("SOCKOPS_ONLY");
	std::string_view words = only ? only : "";
	while (!words.empty()) {
		const std::string_view word = words.substr(0, words.find(' '));
		if (where.find(word) == where.npos)
			return false;
		words.remove_prefix(std::min(words.size(), word.size() + 1));
	}
	return true;
}

/// Of "6.18.44".
sockops::kernel_release this_kernel() {
	utsname name{};
	::uname(&name);
	unsigned major = 0, minor = 0;
	std::sscanf(name.release, "%u.%u", &major, &minor);
	return sockops::release(major, minor);
}

void add_cases(const std::vector<program_case>& programs, const std::vector<std::string>& names,
			   std::vector<played_case>& to) {
	for (const program_case& each : programs) {
		if (each.since > this_kernel()) {
			std::printf("left out: %s, which this kernel is too old for\n", each.name.c_str());
			continue;
		}
		for (const std::string& name : timelines_of(each, names))
			for (const bool ipv6 : {false, true}) {
				played_case next{&each, name, bare_timeline(name, ipv6), {}};
				if (is_wanted(next.where()))
					to.push_back(std::move(next));
			}
	}
}

/// Compiled with the types of kernels: of this machine's, and of those whose BTF is in the files of
/// SOCKOPS_BTF, with colons between them.
std::vector<program_case> kernel_header_cases() {
	const char* const more = std::getenv("SOCKOPS_BTF");
	std::string paths = std::string("/sys/kernel/btf/vmlinux") + (more ? ":" : "") + (more ? more : "");
	std::vector<program_case> all;
	for (unsigned number = 0; !paths.empty(); ++number) {
		const std::string path = paths.substr(0, paths.find(':'));
		paths.erase(0, path.size() + 1);
		const std::vector<program_case> cases =
			compiled_with(vmlinux_h_of(path), "kernel_types_" + std::to_string(number));
		EXPECT_FALSE(cases.empty()) << path;
		std::printf("kernel_types_%u: %s\n", number, path.c_str());
		all.insert(all.end(), cases.begin(), cases.end());
	}
	return all;
}

/// They wait most of the time.
void play_all_in_kernel(std::vector<played_case>& all) {
	constexpr std::size_t at_once = 24;
	std::vector<traces::kernel_runner> runners(at_once);
	std::atomic<std::size_t> next = 0;
	std::vector<std::thread> players;
	for (traces::kernel_runner& runner : runners)
		players.emplace_back([&] {
			for (std::size_t at = next++; at < all.size(); at = next++)
				all[at].in_kernel = play_in_kernel(runner, *all[at].of, all[at].what);
		});
	for (std::thread& player : players)
		player.join();
}

/// What the kernel's sockets left, against both ways here.
compared compare_ways(const played_case& each) {
	compared result;
	if (!each.in_kernel.error.empty()) {
		std::printf("%s: %s\n", each.where().c_str(), each.in_kernel.error.c_str());
		result.mismatches = 1;
		return result;
	}
	result += compare(*each.of, each.where(), "kernel", each.in_kernel.left, "interpreted",
					  play_interpreted(*each.of, each.what).left);
	if (each.of->native)
		result += compare(*each.of, each.where(), "kernel", each.in_kernel.left, "native",
						  play_native(*each.of, each.what).left);
	return result;
}

/// The kernel's timers run in real time, beside whatever else this machine does: a difference that is one is
/// there each of three times.
compared compare_with_patience(played_case& each, traces::kernel_runner& runner) {
	compared result = compare_ways(each);
	for (int plays = 1; result.mismatches != 0 && plays != 3; ++plays) {
		std::printf("%s: is played again\n", each.where().c_str());
		each.in_kernel = play_in_kernel(runner, *each.of, each.what);
		result = compare_ways(each);
	}
	return result;
}

TEST(three_ways, programs_leave_the_same_behind) {
	if (const traces::kernel_runner kernel; !kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	const std::vector<program_case> with_kernel_types = kernel_header_cases();
	std::vector<played_case> all;
	add_cases(program_cases(), timelines(), all);
	add_cases(vmlinux_cases(), few_timelines(), all);
	add_cases(with_kernel_types, few_timelines(), all);
	play_all_in_kernel(all);
	traces::kernel_runner again;
	compared total;
	for (played_case& each : all)
		total += compare_with_patience(each, again);
	EXPECT_GT(total.cases, 0u);
	EXPECT_EQ(total.mismatches, 0u);
	if (!std::getenv("SOCKOPS_ONLY"))
		report_cases("objects", total.cases, total.mismatches);
}

} // namespace
