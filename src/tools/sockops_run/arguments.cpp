// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include <algorithm>

#include "option_table.hpp"
#include "option_values.hpp"

namespace sockops_run {

namespace {

bool prints_something_else(const arguments& with) {
	return with.help || with.version || with.vmlinux_h || with.helpers || !with.generate.empty();
}

struct given_option {
	const char* name;
	bool is_given;
};

void refuse(std::initializer_list<given_option> options, const char* why) {
	for (const given_option& each : options)
		if (each.is_given)
			throw usage_error(std::string("'").append(each.name).append("' does not go with ").append(why));
}

/// What says how one run of objects goes, and what of it is told.
void refuse_of_a_run(const arguments& with, const char* why) {
	refuse({{"--side", with.side.has_value()},
			{"--client-cgroup", with.client_cgroup.has_value()},
			{"--server-cgroup", with.server_cgroup.has_value()},
			{"--timeline", !with.timeline.empty()},
			{"--client", !with.client.empty()},
			{"--server", !with.server.empty()},
			{"--ipv6", with.ipv6},
			{"--congestion", !with.congestion.empty()},
			{"--expect", with.expect},
			{"--fail-if", !with.fail_if.empty() || with.fail_if_denied},
			{"--map", !with.map.empty()},
			{"--watch", !with.watch.empty()},
			{"--records", !with.records.empty()},
			{"--maps", with.maps}},
		   why);
}

/// What a test says itself.
void refuse_beside_tests(const arguments& with) {
	constexpr const char* why = "--test: the file of a test says what holds for it (FORMAT.md)";
	refuse_of_a_run(with, why);
	refuse(
		{{"--prog", !with.progs.empty()}, {"--set", !with.set.empty()}, {"--kconfig", !with.kconfig.empty()}},
		why);
	refuse({{"--check", with.check}, {"--ask-kernel", with.ask_kernel}},
		   "--test: it is for objects, sockops-run --check PROGRAM.o...");
}

void refuse_beside_check(const arguments& with) {
	constexpr const char* why = "--check, which runs nothing";
	refuse_of_a_run(with, why);
	refuse({{"--unchecked", with.unchecked},
			{"--native", with.build.native},
			{"--keep-going", with.keep_going},
			{"--coverage", !with.coverage.empty()}},
		   why);
}

/// Of several paths only the first stands behind --test.
void take_paths_of_tests(arguments& with) {
	if (with.tests.empty())
		return;
	for (const placed_file& each : with.objects) {
		if (each.cgroup)
			throw usage_error("'" + each.file + "@" + *each.cgroup +
							  "': a test says itself where its objects are attached ('object " + each.file +
							  " at " + *each.cgroup + "')");
		with.tests.push_back(each.file);
	}
	with.objects.clear();
	refuse_beside_tests(with);
}

/// Options that are right by themselves, and not together.
void check(const arguments& with) {
	if (with.tests.empty() && !with.junit.empty())
		throw usage_error("'--junit' goes with --test");
	if (with.tests.empty() && !with.object_folders.empty())
		throw usage_error("'--object-folder' goes with --test");
	const auto is_placed = [](const placed_file& each) { return each.cgroup.has_value(); };
	if (with.side && !with.objects.empty() && std::ranges::all_of(with.objects, is_placed))
		throw usage_error("'--side' is for an object without a cgroup: where each has one, say @/client or "
						  "@/server");
	if (with.check)
		refuse_beside_check(with);
	if (!with.kernel_log.empty() && !with.ask_kernel)
		throw usage_error("'--kernel-log' goes with --ask-kernel");
	if (!with.build.native_flags.empty() && !with.build.native)
		throw usage_error("'--native-flag' goes with --native");
	if (!with.coverage.empty() && with.build.native)
		throw usage_error(
			"'--coverage' is of programs that are interpreted: with --native the compiler counts, "
			"--native-flag --coverage, and gcov reads it");
	if (with.shuffle && !with.vmlinux_h)
		throw usage_error("'--shuffle' goes with --vmlinux-h");
	if (with.objects.empty() && with.tests.empty() && !prints_something_else(with))
		throw usage_error("which object? Its file is missing");
}

} // namespace

arguments parse_arguments(int argc, const char* const* argv) {
	arguments parsed;
	sockops::tools::parse_words(
		option_table(), {argv + 1, argv + argc}, parsed,
		[](arguments& into, const std::string& word) { into.objects.push_back(parse_object(word)); });
	take_paths_of_tests(parsed);
	check(parsed);
	return parsed;
}

} // namespace sockops_run
