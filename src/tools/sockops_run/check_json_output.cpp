// SPDX-License-Identifier: MIT
// Verdicts as JSON, one object a line. What the members are: --help, and sockops-run.schema.json.
#include "check_output.hpp"
#include "json_words.hpp"
#include "kernel_json.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::object;

namespace {

std::string step_json(const bpf_way_step& step) {
	return json_object({{"instruction", number(step.insn)},
						{"text", json_string(step.words)},
						{"source_file", text_or_null(step.line.file)},
						{"source_line", line_or_null(step.line.line)},
						{"source_text", text_or_null(step.line.text)}});
}

std::string refusal_json(const std::optional<bpf_load_error>& why) {
	if (!why)
		return "null";
	return json_object({{"by", json_string(refuser_name(why->refused_by))},
						{"reason", json_string(why->reason)},
						{"rule", text_or_null(why->rule)},
						{"remedy", text_or_null(why->remedy)},
						{"errno", number(why->error)},
						{"instruction", number(why->insn)},
						{"source_file", text_or_null(why->line.file)},
						{"source_line", line_or_null(why->line.line)},
						{"source_text", text_or_null(why->line.text)},
						{"way", json_array(why->way, step_json)}});
}

std::string program_json(const checked_program& of) {
	const auto not_looked_at = [](const bpf_not_looked_at& each) {
		return json_object({{"instruction", number(each.insn)},
							{"why", json_string(each.why)},
							{"source_file", text_or_null(each.line.file)},
							{"source_line", line_or_null(each.line.line)},
							{"source_text", text_or_null(each.line.text)}});
	};
	return json_object({{"program", json_string(of.here.program)},
						{"section", json_string(of.here.section)},
						{"taken", of.here.refused ? "false" : "true"},
						{"refused", refusal_json(of.here.refused)},
						{"not_looked_at", json_array(of.here.not_looked_at, not_looked_at)},
						{"kernel", of.kernel && of.kernel->asked ? kernel_json(*of.kernel) : "null"}});
}

class json_check_output final : public check_output {
  public:
	explicit json_check_output(std::ostream& out) : out_(out) {}

	void start(const check_start& what) override {
		out_ << json_object({{"kind", json_string("checks")},
							 {"version", number(json_version)},
							 {"objects", number(what.objects)},
							 {"kernel", text_or_null(what.kernel)}})
			 << '\n';
	}
	void object(const checked_object& what) override {
		const auto notice = [](const object_notice& each) { return json_string(each.text); };
		out_ << json_object({{"kind", json_string("check")},
							 {"file", json_string(what.file)},
							 {"fate", json_string(fate_name(what.what))},
							 {"why", text_or_null(what.why)},
							 {"source_file", text_or_null(what.source_file)},
							 {"source_line", line_or_null(what.source_line)},
							 {"notices", json_array(what.notices, notice)},
							 {"programs", json_array(what.programs, program_json)},
							 {"not_asked", text_or_null(what.not_asked)}})
			 << std::endl;
	}
	void end(const check_end& what) override {
		out_ << json_object({{"kind", json_string("checks_end")},
							 {"taken", number(what.taken)},
							 {"refused", number(what.refused)},
							 {"kernel_refused", number(what.kernel_refused)},
							 {"failed", number(what.failed)},
							 {"passed_over", number(what.passed_over)},
							 {"exit_status", number(what.exit_status)}})
			 << '\n';
	}

  private:
	std::ostream& out_;
};

} // namespace

std::unique_ptr<check_output> make_json_check_output(std::ostream& out) {
	return std::make_unique<json_check_output>(out);
}

} // namespace sockops_run
