// SPDX-License-Identifier: MIT
// Tests as JSON, one object a line. What the members are: --help, and sockops-run.schema.json.
#include "json_words.hpp"
#include "test_output.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::object;
using namespace sockops::testing;

namespace {

std::string failure_json(const text_failure& each) {
	return json_object({{"why", json_string(cause_name(each.why))},
						{"line", line_or_null(each.line)},
						{"expectation", text_or_null(each.expectation)},
						{"text", json_string(each.text)},
						{"source_file", text_or_null(each.source_file)},
						{"source_line", line_or_null(each.source_line)}});
}

class json_test_output final : public test_output {
  public:
	explicit json_test_output(std::ostream& out) : out_(out) {}

	void start(const tests_start& what) override {
		out_ << json_object({{"kind", json_string("tests")},
							 {"version", number(json_version)},
							 {"seed", number(what.seed)},
							 {"tests", number(what.tests)},
							 {"passed_over", strings(what.passed_over)}})
			 << '\n';
	}
	void test(const test_outcome& what) override {
		out_ << json_object({{"kind", json_string("test")},
							 {"file", json_string(what.file)},
							 {"passed", what.result.passed() ? "true" : "false"},
							 {"time_ns", number(what.time_ns)},
							 {"calls", number(what.result.calls)},
							 {"expectations", number(what.result.expectations)},
							 {"failures", json_array(what.result.failures, failure_json)},
							 {"faults", strings(what.result.faults)},
							 {"findings", strings(what.result.findings)}})
			 << std::endl;
	}
	void end(const tests_end& what) override {
		out_ << json_object({{"kind", json_string("tests_end")},
							 {"passed", number(what.passed)},
							 {"failed", strings(what.failed)},
							 {"unchecked", what.unchecked ? "true" : "false"},
							 {"exit_status", number(what.exit_status)}})
			 << '\n';
	}

  private:
	std::ostream& out_;
};

} // namespace

std::unique_ptr<test_output> make_json_test_output(std::ostream& out) {
	return std::make_unique<json_test_output>(out);
}

} // namespace sockops_run
