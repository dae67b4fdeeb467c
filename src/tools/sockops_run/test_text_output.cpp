// SPDX-License-Identifier: MIT
// Tests as lines for people.
#include <algorithm>
#include <cstdio>

#include "../command/layout.hpp"
#include "../command/words.hpp"
#include "json_words.hpp"
#include "red_lines.hpp"
#include "test_output.hpp"
#include "text_lines.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::tools;
using namespace sockops::testing;

namespace {

std::string counted(std::size_t count, std::string_view what) {
	return in_a_row({std::to_string(count), " ", what, count == 1 ? "" : "s"});
}

std::string in_seconds(u64 time_ns) {
	char text[40];
	std::snprintf(text, sizeof text, "%llu.%03llu s",
				  static_cast<unsigned long long>(time_ns / 1'000'000'000),
				  static_cast<unsigned long long>(time_ns / 1'000'000 % 1000));
	return text;
}

/// "tune.timeline:7: client: TIMEOUT_INIT -> 50"
std::string place_of(const test_outcome& test, const text_failure& what) {
	std::string place = test.file;
	if (what.line != 0)
		place.append(":").append(std::to_string(what.line));
	return in_a_row(
		{place, ": ", what.expectation.empty() ? cause_title(what.why) : what.expectation.c_str()});
}

class text_test_output final : public test_output {
  public:
	text_test_output(std::ostream& out, bool in_colour) : out_(out), in_colour_(in_colour) {}

	void start(const tests_start& what) override {
		seed_ = what.seed;
		if (!what.passed_over.empty())
			out_ << paragraph(
				in_a_row({"note: ", counted(what.passed_over.size(), "timeline"),
						  " without an object, no test: ", with_between(what.passed_over, ", ")}),
				0, 2);
	}

	void test(const test_outcome& what) override {
		const bool passed = what.result.passed();
		const std::string line =
			in_a_row({passed ? "ok      " : "FAILED  ", what.file, "  (", counted(what.result.calls, "call"),
					  ", ", in_seconds(what.time_ns), ")\n"});
		out_ << (passed ? line : red(line));
		for (const text_failure& each : what.result.failures)
			print(what, each);
		out_.flush();
	}

	void end(const tests_end& what) override {
		const std::string seed =
			in_a_row({"; seed ", std::to_string(seed_), what.unchecked ? unchecked_in_words : ""});
		if (what.failed.empty())
			out_ << '\n' << counted(what.passed, "test") << " passed" << seed << '\n';
		else
			out_ << '\n'
				 << red(paragraph(in_a_row({std::to_string(what.failed.size()), " of ",
											counted(what.passed + what.failed.size(), "test"),
											" FAILED: ", with_between(what.failed, ", "), seed}),
								  0, 2));
	}

  private:
	void print(const test_outcome& of, const text_failure& what) {
		out_ << red(in_lines(place_of(of, what), 2)) << in_lines(what.text, 4);
		if (!what.source_file.empty() && what.source_line != 0)
			out_ << in_a_row({"    in ", what.source_file, ":", std::to_string(what.source_line), "\n"});
	}
	std::string red(const std::string& lines) const { return in_colour_ ? red_lines(lines) : lines; }

	std::ostream& out_;
	bool in_colour_;
	u64 seed_ = 0;
};

} // namespace

std::unique_ptr<test_output> make_text_test_output(std::ostream& out, bool in_colour) {
	return std::make_unique<text_test_output>(out, in_colour);
}

} // namespace sockops_run
