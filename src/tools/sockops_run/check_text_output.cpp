// SPDX-License-Identifier: MIT
// Verdicts as lines for people.
#include "../../object/refusal_words.hpp"
#include "../../vm/ebpf_prog.hpp"
#include "../command/layout.hpp"
#include "../command/words.hpp"
#include "check_output.hpp"
#include "kernel_asked.hpp"
#include "notice_lines.hpp"
#include "red_lines.hpp"
#include "text_lines.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::tools;

namespace {

std::string counted(std::size_t count, std::string_view what) {
	return in_a_row({std::to_string(count), " ", what, count == 1 ? "" : "s"});
}

class text_check_output final : public check_output {
  public:
	text_check_output(std::ostream& out, bool in_colour) : out_(out), in_colour_(in_colour) {}

	void start(const check_start& what) override { kernel_ = what.kernel; }

	void object(const checked_object& what) override {
		if (what.what == checked_object::fate::passed_over) {
			out_ << paragraph(in_a_row({"passed over  ", what.why}), 0, 2);
			return;
		}
		if (what.what == checked_object::fate::failed)
			out_ << red(in_lines(in_a_row({"FAILED   ", what.why}), 0));
		for (const std::string& notice : notice_lines(what.notices))
			out_ << paragraph(in_a_row({"note: ", what.file, ": ", notice}), 0, 2);
		for (const checked_program& each : what.programs)
			print(what.file, each);
		if (!what.not_asked.empty())
			out_ << red(paragraph(what.not_asked, 2, 2));
		out_.flush();
	}

	void end(const check_end& what) override {
		std::vector<std::string> counts;
		const auto add = [&](std::size_t count, const std::string& text) {
			if (count != 0)
				counts.push_back(text);
		};
		add(what.taken, in_a_row({std::to_string(what.taken), " taken"}));
		add(what.refused, in_a_row({std::to_string(what.refused), " REFUSED"}));
		add(what.kernel_refused,
			in_a_row({std::to_string(what.kernel_refused), " of those taken REFUSED by Linux ", kernel_}));
		add(what.not_asked, in_a_row({counted(what.not_asked, "object"), " not shown to Linux ", kernel_}));
		add(what.failed, in_a_row({counted(what.failed, "object"), " that cannot be loaded"}));
		add(what.passed_over, in_a_row({counted(what.passed_over, "object"), " passed over"}));
		const std::string line =
			paragraph(in_a_row({counted(what.taken + what.refused, "program"), ": ",
								counts.empty() ? "none to check" : with_between(counts, ", ")}),
					  0, 2);
		out_ << '\n' << (what.exit_status == 0 ? line : red(line));
	}

  private:
	void print(const std::string& file, const checked_program& of) {
		const program_verdict& here = of.here;
		const bpf_load_error* const refused = here.refused ? &*here.refused : nullptr;
		const std::string line = in_a_row({refused ? "REFUSED  " : "taken    ", file, ": ", here.program,
										   " in section '", here.section, "'\n"});
		out_ << (refused ? red(line) : line);
		if (refused)
			print(here.program, *refused);
		for (const bpf_not_looked_at& each : here.not_looked_at)
			out_ << paragraph(in_a_row({"not looked at: ",
										each.line.line == 0 ? "instruction " + std::to_string(each.insn)
															: sockops::vm::line_in_words(each.line),
										": ", each.why}),
							  2, 2);
		if (!of.kernel)
			return;
		const std::string said = paragraph(beside_ours(*of.kernel, refused), 2, 2);
		out_ << (differs(*of.kernel, !refused) ? red(said) : said);
	}
	/// The line above has named the program.
	void print(const std::string& program, const bpf_load_error& refused) {
		const bool is_named = refused.place.starts_with(program + ": ");
		const std::string place = refused.place.substr(is_named ? program.size() + 2 : 0);
		const std::string rule = refused.rule.empty() ? "" : in_a_row({" [", refused.rule, "]"});
		out_ << paragraph(in_a_row({place, refused.reason, rule}), 2, 2);
		const std::string below = object::below_the_reason(refused);
		if (!below.empty())
			out_ << in_lines(below.substr(1), 0);
	}
	std::string red(const std::string& lines) const { return in_colour_ ? red_lines(lines) : lines; }

	std::ostream& out_;
	bool in_colour_;
	std::string kernel_;
};

} // namespace

std::unique_ptr<check_output> make_text_check_output(std::ostream& out, bool in_colour) {
	return std::make_unique<text_check_output>(out, in_colour);
}

} // namespace sockops_run
