// SPDX-License-Identifier: MIT
#include "run_tests.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "../command/words.hpp"
#include "annotate.hpp"
#include "coverage.hpp"
#include "json_words.hpp"
#include "junit.hpp"
#include "test_files.hpp"
#include "written_file.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::testing;
using namespace sockops::tools;

namespace {

/// A test that was found, read or not.
struct read_test {
	std::string file;
	std::optional<text_test> test{};
	text_result refused{}; ///< why not
};

text_result refusal(const std::string& file, unsigned line, const std::string& text, const std::string& why) {
	text_result result;
	result.file = file;
	result.failures.push_back({text_failure::cause::setup, line, text, why, "", 0});
	return result;
}

read_test read(const test_file& from) {
	try {
		return {from.path, text_test::parse_file(from.path), {}};
	} catch (const timeline_error& wrong) {
		return {from.path, {}, refusal(from.path, wrong.line, wrong.text, wrong.reason)};
	}
}

/// One that is named has to be a test; in a folder there may be other timelines.
bool is_passed_over(const test_file& from, const read_test& test) {
	return test.test && !test.test->names_objects() && !from.was_named;
}

std::string where_looked(const std::vector<std::string>& paths) { return with_between(paths, ", "); }

/// Folders were named, and there is nothing to run in them.
[[noreturn]] void say_that_there_is_none(const std::vector<std::string>& paths,
										 const std::vector<std::string>& passed_over) {
	const std::string others =
		passed_over.empty()
			? "there is no *.timeline at all"
			: in_a_row({passed_over.front(), passed_over.size() == 1 ? " does not" : " and others do not",
						": --timeline plays such a one"});
	throw std::runtime_error(in_a_row(
		{"no test in ", where_looked(paths),
		 ": a test is a file *.timeline that names its objects, as in 'object tune.bpf.o'; ", others}));
}

text_result run(const text_test& test, const text_test_options& with) {
	if (test.names_objects())
		return test.run(with);
	return refusal(test.file(), 0, "",
				   "it names no object, as in 'object tune.bpf.o', so there is nothing to test: "
				   "sockops-run PROGRAM.o --timeline plays it");
}

/// What comes with each call is told once.
void drop_repeated(std::vector<std::string>& all) {
	std::vector<std::string> once;
	for (std::string& each : all)
		if (std::ranges::find(once, each) == once.end())
			once.push_back(std::move(each));
	all = std::move(once);
}

test_outcome run(const read_test& what, text_test_options options, program_builder& builder,
				 const std::string& coverage_file) {
	test_outcome outcome{what.file, what.refused};
	if (!what.test)
		return outcome;
	options.build = [&](const std::string& path) {
		outcome.objects.push_back(path);
		return builder.build(path);
	};
	if (!coverage_file.empty())
		options.ended = [&](object_set& objects) { add_coverage(objects, outcome.objects, coverage_file); };
	const auto begin = std::chrono::steady_clock::now();
	outcome.result = run(*what.test, options);
	drop_repeated(outcome.result.faults);
	drop_repeated(outcome.result.findings);
	outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
	const std::vector<timeline_event>& events = what.test->what().events;
	outcome.time_ns = events.empty() ? 0 : events.back().at_ns;
	return outcome;
}

/// At the line of the test, and where its source is in the tree at that of the program.
void annotate(const test_outcome& test, const arguments& with) {
	const std::string file = std::filesystem::absolute(test.file);
	for (const text_failure& each : test.result.failures) {
		std::string text =
			each.expectation.empty() ? each.text : in_a_row({each.expectation, "\n", each.text});
		text.erase(text.find_last_not_of('\n') + 1);
		const std::string title = cause_title(each.why);
		sockops_run::annotate({title, text, file, each.line}, test.objects, with);
		const failure in_source{title, in_a_row({test.file, ": ", text}), each.source_file, each.source_line};
		if (has_place(in_source, test.objects))
			sockops_run::annotate(in_source, test.objects, with);
	}
}

/// With --keep-going neither a program that is stopped nor a finding is a failure.
void excuse(text_result& result, const arguments& with) {
	if (with.keep_going)
		std::erase_if(result.failures, [](const text_failure& each) {
			return each.why == text_failure::cause::stopped || each.why == text_failure::cause::finding;
		});
}

} // namespace

int run_tests(const arguments& with, test_output& to) {
	std::vector<read_test> tests;
	tests_start start{0, with.seed, {}};
	for (const test_file& each : test_files(with.tests)) {
		read_test read_one = read(each);
		if (is_passed_over(each, read_one))
			start.passed_over.push_back(each.path);
		else
			tests.push_back(std::move(read_one));
	}
	if (tests.empty())
		say_that_there_is_none(with.tests, start.passed_over);
	std::ofstream junit = written_file("--junit", with.junit);
	start.tests = tests.size();
	to.start(start);
	program_builder builder(with.build);
	const text_test_options options{
		.folders = with.object_folders,
		.objects = {.form = with.build.native ? program_form::native : program_form::interpreted,
					.watch = bpf_watch_options{.seed = with.seed},
					.kernel = with.kernel,
					.unchecked = with.unchecked},
		.seed = with.seed};
	std::vector<test_outcome> outcomes;
	tests_end end{.unchecked = with.unchecked};
	for (const read_test& each : tests) {
		test_outcome& outcome = outcomes.emplace_back(run(each, options, builder, with.coverage));
		excuse(outcome.result, with);
		to.test(outcome);
		annotate(outcome, with);
		if (outcome.result.passed())
			++end.passed;
		else
			end.failed.push_back(outcome.file);
	}
	end.exit_status = end.failed.empty() ? 0 : 1;
	to.end(end);
	if (junit.is_open())
		write_junit(junit, outcomes, with.seed);
	if (junit.is_open() && !junit.flush())
		throw std::runtime_error(in_a_row({"'--junit ", with.junit, "': not all could be written"}));
	return end.exit_status;
}

} // namespace sockops_run
