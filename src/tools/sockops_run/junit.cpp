// SPDX-License-Identifier: MIT
#include "junit.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include "../../object/btf/json.hpp"
#include "../command/words.hpp"
#include "json_words.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::testing;
using namespace sockops::tools;

namespace {

namespace fs = std::filesystem;

constexpr std::string_view unknown = "\xef\xbf\xbd"; // U+FFFD

/// How many bytes from the front are a character that XML 1.0 takes; 0: none.
std::size_t length_of_character(std::string_view text) {
	const auto first = static_cast<unsigned char>(text.front());
	if (first < 0x80)
		return first >= 0x20 || first == '\t' || first == '\n' || first == '\r';
	const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	const std::string_view character = text.substr(0, length);
	const bool is_none = character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf"; // U+FFFE, U+FFFF
	return !is_none && object::is_utf8(character) ? length : 0;
}

/// What means something in XML is written by its name or number: lines' ends too, which a reader would make
/// spaces of in an attribute.
std::string escaped(std::string_view text, bool in_attribute) {
	std::string all;
	for (std::size_t at = 0; at != text.size();) {
		const std::size_t length = length_of_character(text.substr(at));
		const std::string_view character = length == 0 ? unknown : text.substr(at, length);
		at += std::max<std::size_t>(length, 1);
		if (character == "&")
			all += "&amp;";
		else if (character == "<")
			all += "&lt;";
		else if (character == ">")
			all += "&gt;";
		else if (character == "\"")
			all += "&quot;";
		else if (in_attribute && character.front() < ' ' && character.front() > 0)
			all += in_a_row({"&#", std::to_string(static_cast<int>(character.front())), ";"});
		else
			all += character;
	}
	return all;
}

std::string attribute(std::string_view name, std::string_view value) {
	return in_a_row({" ", name, "=\"", escaped(value, true), "\""});
}
std::string attribute(std::string_view name, std::size_t value) {
	return attribute(name, std::to_string(value));
}
std::string time_attribute(double value) {
	char text[40];
	std::snprintf(text, sizeof text, "%.6f", value);
	return attribute("time", text);
}

bool is_error(const text_failure& what) { return what.why == text_failure::cause::setup; }

std::string place_of(const test_outcome& test, const text_failure& what) {
	return what.line == 0 ? test.file : in_a_row({test.file, ":", std::to_string(what.line)});
}

/// In a line what failed; inside where it is, and all of it.
std::string failure_element(const test_outcome& test, const text_failure& what) {
	const std::string_view name = is_error(what) ? "error" : "failure";
	const std::string said =
		what.expectation.empty() ? what.text.substr(0, what.text.find('\n')) : what.expectation;
	std::string all = in_a_row(
		{place_of(test, what), what.expectation.empty() ? "" : ": ", what.expectation, "\n", what.text});
	if (!what.source_file.empty())
		all += in_a_row({"in ", what.source_file, ":", std::to_string(what.source_line), "\n"});
	return in_a_row({"      <", name, attribute("message", said), attribute("type", cause_name(what.why)),
					 ">", escaped(all, false), "</", name, ">\n"});
}

/// Errors stand before failures.
std::string case_element(const std::string& folder, const test_outcome& test) {
	const std::string begin = in_a_row(
		{"    <testcase", attribute("name", fs::path(test.file).stem().string()),
		 attribute("classname", folder), attribute("file", test.file), time_attribute(test.seconds)});
	if (test.result.passed())
		return begin + "/>\n";
	std::string inside;
	for (const bool errors : {true, false})
		for (const text_failure& each : test.result.failures)
			if (is_error(each) == errors)
				inside += failure_element(test, each);
	return in_a_row({begin, ">\n", inside, "    </testcase>\n"});
}

struct counts {
	std::size_t tests = 0, failures = 0, errors = 0;
	double seconds = 0;

	/// A test is one of them, whatever it has of failures.
	void add(const test_outcome& test) {
		const bool has_error = std::ranges::any_of(test.result.failures, is_error);
		++tests;
		errors += has_error;
		failures += !has_error && !test.result.passed();
		seconds += test.seconds;
	}
	[[nodiscard]] std::string attributes() const {
		return in_a_row({attribute("tests", tests), attribute("failures", failures),
						 attribute("errors", errors), time_attribute(seconds)});
	}
};

} // namespace

void write_junit(std::ostream& out, const std::vector<test_outcome>& tests, u64 seed) {
	std::map<std::string, std::vector<const test_outcome*>> suites;
	counts all;
	for (const test_outcome& each : tests) {
		const std::string folder = fs::path(each.file).parent_path();
		suites[folder.empty() ? "." : folder].push_back(&each);
		all.add(each);
	}
	out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"
		<< attribute("name", "sockops-run --test") << all.attributes() << ">\n";
	for (const auto& [folder, cases] : suites) {
		counts mine;
		for (const test_outcome* each : cases)
			mine.add(*each);
		out << "  <testsuite" << attribute("name", folder) << mine.attributes()
			<< ">\n    <properties>\n      <property" << attribute("name", "seed")
			<< attribute("value", std::to_string(seed)) << "/>\n    </properties>\n";
		for (const test_outcome* each : cases)
			out << case_element(folder, *each);
		out << "  </testsuite>\n";
	}
	out << "</testsuites>\n";
}

} // namespace sockops_run
