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

/// Options that are right by themselves, and not together.
void check(const arguments& with) {
	const auto is_placed = [](const placed_file& each) { return each.cgroup.has_value(); };
	if (with.side && !with.objects.empty() && std::ranges::all_of(with.objects, is_placed))
		throw usage_error("'--side' is for an object without a cgroup: where each has one, say @/client or "
						  "@/server");
	if (!with.build.native_flags.empty() && !with.build.native)
		throw usage_error("'--native-flag' goes with --native");
	if (!with.coverage.empty() && with.build.native)
		throw usage_error("'--coverage' is of programs that are interpreted: with --native the compiler counts, "
						  "--native-flag --coverage, and gcov reads it");
	if (with.shuffle && !with.vmlinux_h)
		throw usage_error("'--shuffle' goes with --vmlinux-h");
	if (with.objects.empty() && !prints_something_else(with))
		throw usage_error("which object? Its file is missing");
}

} // namespace

arguments parse_arguments(int argc, const char* const* argv) {
	arguments parsed;
	sockops::tools::parse_words(
		option_table(), {argv + 1, argv + argc}, parsed,
		[](arguments& into, const std::string& word) { into.objects.push_back(parse_object(word)); });
	check(parsed);
	return parsed;
}

} // namespace sockops_run
