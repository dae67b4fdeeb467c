// SPDX-License-Identifier: MIT
// The run as lines for people.
#include <algorithm>
#include <cstdio>

#include <sockops/trace/call_text.hpp>
#include <sockops/trace/explain.hpp>

#include "../command/layout.hpp"
#include "../command/words.hpp"
#include "kernel_asked.hpp"
#include "notice_lines.hpp"
#include "output.hpp"
#include "red_lines.hpp"
#include "text_lines.hpp"
#include "value_difference.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::tools;
using namespace sockops::testing;

namespace {

constexpr std::size_t op_width = 19, state_width = 12, long_key = 16;
constexpr std::size_t below = 20; ///< the column of what stands under a callback's line

std::string in_ms(u64 time_ns) {
	char text[32];
	std::snprintf(text, sizeof text, "%6llu.%03llu", static_cast<unsigned long long>(time_ns / 1'000'000),
				  static_cast<unsigned long long>(time_ns / 1000 % 1000));
	return text;
}

std::string trimmed(const std::string& text) { return text.substr(text.find_first_not_of(' ')); }

std::string padded(std::string text, std::size_t width) {
	text.resize(std::max(width, text.size()), ' ');
	return text;
}

/// Of many programs the returns stand close to each other.
std::string_view between_returns(std::size_t programs) { return programs > 8 ? "" : " "; }

std::string returned(const trace_call& call) {
	std::vector<std::string> all;
	for (const trace_step& step : call.steps)
		all.push_back(std::to_string(step.ret));
	return with_between(all, between_returns(call.steps.size()));
}

std::string bytes_text(u32 count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }
std::string signed_text(u32 value) { return std::to_string(static_cast<s32>(value)); }

/// " (100 ms)": what a reply of jiffies is, as it is easily taken for milliseconds.
std::string unit_text(const trace_call& call, u32 reply) {
	if (call.op != BPF_SOCK_OPS_TIMEOUT_INIT || static_cast<s32>(reply) <= 0)
		return {};
	return " (" + std::to_string(u64{reply} * 1000 / call.profile.hz) + " ms)";
}

/// "reply 0 -> 40", "flags +STATE_CB_FLAG", "TCP_BPF_IW=40": one program's part, a piece each.
std::vector<std::string> pieces_of(const run_call& what, const trace_step& step) {
	std::vector<std::string> pieces;
	const trace_state &before = step.before, &after = step.after;
	const bool sizing = what.call.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB;
	if (before.reply != after.reply)
		pieces.push_back("reply " + signed_text(before.reply) + " -> " + signed_text(after.reply) +
						 unit_text(what.call, after.reply));
	if (const u8 set = after.cb_flags & ~before.cb_flags)
		pieces.push_back("flags +" + cb_flags_text(set));
	if (const u8 cleared = before.cb_flags & ~after.cb_flags)
		pieces.push_back("flags -" + cb_flags_text(cleared));
	if (const u32 taken = before.remaining_opt_len - after.remaining_opt_len)
		pieces.push_back((sizing ? "reserved " : "wrote ") + bytes_text(taken));
	if (step.refused_opt_len != 0)
		pieces.push_back((sizing ? "could not reserve " : "could not store ") +
						 bytes_text(step.refused_opt_len) + ": " + errno_text(step.refused_opt_error));
	for (const option_call& each : what.options)
		if (each.prog == step.prog)
			pieces.push_back(each.text());
	if (step.ret == 0)
		pieces.push_back("denied");
	return pieces;
}

/// By program; of several each one's first piece begins with its name.
void add_steps(const run_call& what, std::vector<std::vector<std::string>>& groups) {
	for (const trace_step& step : what.call.steps) {
		std::vector<std::string> mine = pieces_of(what, step);
		if (mine.empty())
			continue;
		if (what.call.steps.size() > 1)
			mine.front() = in_a_row({what.name_of(*step.prog), ": ", mine.front()});
		groups.push_back(std::move(mine));
	}
}

/// "gate returned 0 in 3, observer in 1, tune was stopped in 2": nothing but what was counted.
std::string denials_text(const run_end& what) {
	std::string text;
	for (const auto& [program, count] : what.denials)
		text += in_a_row({text.empty() ? "" : ", ", program, text.empty() ? " returned 0 in " : " in ",
						  std::to_string(count)});
	for (const program_faults& each : what.faults)
		text += in_a_row(
			{text.empty() ? "" : ", ", each.program, " was stopped in ", std::to_string(each.count)});
	return text;
}

std::string times(std::size_t count) {
	return count == 1 ? "once" : count == 2 ? "twice" : std::to_string(count) + " times";
}

/// Arguments that the callback's text does not show.
std::vector<std::string> arguments_of(const trace_call& call) {
	if (call.op == BPF_SOCK_OPS_STATE_CB)
		return {in_a_row({"to ", tcp_state_name(call.args[1])})};
	if (call.op != BPF_SOCK_OPS_RTT_CB || !call.profile.rtt_cb_args)
		return {};
	return {"rtt " + std::to_string(call.args[0]) + " us, smoothed " + std::to_string(call.args[1] >> 3) +
			" us"};
}

/// "a program was stopped (--keep-going: no failure), and it is not as the timeline expects".
std::string reasons(const std::vector<failure>& all) {
	std::vector<std::string> titles;
	for (const failure& each : all) {
		if (!each.fails)
			continue;
		const std::string title =
			each.remedy.empty() ? each.title : in_a_row({each.title, " (", each.remedy, ")"});
		if (std::ranges::find(titles, title) == titles.end())
			titles.push_back(title);
	}
	return with_between(titles, ", and ");
}

class text_output final : public output {
  public:
	text_output(std::ostream& out, bool in_colour) : out_(out), in_colour_(in_colour) {}

	void start(const run_start& what) override {
		std::size_t programs = 0;
		for (const run_start::object& each : what.objects)
			programs += each.programs.size();
		returned_width_ = std::max<std::size_t>(8, programs > 8 ? programs : 2 * programs - 1);
		const std::string played = in_a_row(
			{what.timeline, ", ", what.ipv6 ? "IPv6" : "IPv4", ", seed ", std::to_string(what.seed)});
		const bool at_usual_places = what.client_cgroup == "/client" && what.server_cgroup == "/server";
		const bool in_one_line = what.objects.size() == 1 && at_usual_places;
		for (const run_start::object& each : what.objects)
			print(in_a_row({each.file, ": ", with_between(each.programs, ", "), ", attached to ", each.cgroup,
							in_one_line ? "; " + played : ""}));
		if (!in_one_line)
			print(in_a_row({"the client is in ", what.client_cgroup, ", the server in ", what.server_cgroup,
							"; ", played}));
		for (const run_start::object& each : what.objects)
			for (const std::string& notice : notice_lines(each.notices))
				print(in_a_row({"note: ", what.objects.size() > 1 ? each.name + ": " : "", notice}));
		for (const std::string& notice : what.notices)
			print("note: " + notice);
		for (const run_start::object& each : what.objects)
			for (const kernel_answer& answer : each.kernel)
				print_answer(what.objects.size() > 1 ? in_a_row({each.name, ":", answer.program})
													 : answer.program,
							 answer);
		out_ << '\n'
			 << "   time ms  side    " << padded("callback", op_width) << "  " << padded("state", state_width)
			 << "  " << padded("returned", returned_width_) << "  what it did\n";
	}

	void event(u64 time_ns, const std::string& text) override {
		out_ << in_ms(time_ns) << "  -- " << text << '\n';
	}

	void call(const run_call& what) override {
		std::vector<std::vector<std::string>> groups{arguments_of(what.call)};
		add_steps(what, groups);
		std::string line = in_ms(what.time_ns) + "  " + padded(who_name(what.who), 6) + "  " +
						   padded(call_text(what.call), op_width) + "  " +
						   padded(tcp_state_name(what.call.state), state_width) + "  " +
						   padded(returned(what.call), returned_width_) + "  ";
		out_ << with_pieces(std::move(line), groups, below);
		print_effects(what);
	}

	void end(const run_end& what) override {
		out_ << '\n';
		std::vector<std::string> withheld;
		for (const auto& [op, count] : what.withheld)
			withheld.push_back(op + " x " + std::to_string(count));
		print(in_a_row({std::to_string(what.calls), what.calls == 1 ? " callback" : " callbacks",
						withheld.empty() ? "" : "; not called, as the socket's flag for it is clear: ",
						with_between(withheld, ", "), what.unchecked ? unchecked_in_words : ""}));
		print_losses(what);
		for (const program_faults& each : what.faults)
			print_wrong(
				in_a_row({"STOPPED: ", each.program, ", ", times(each.count), "; last: ", each.last}));
		for (const finding_count& each : what.findings)
			print_wrong(in_a_row({"FOUND ", times(each.count), ", first at ", trimmed(in_ms(each.first_ns)),
								  " ms (", who_name(each.first_side), "): ", each.message}));
		for (const difference& each : what.differences)
			out_ << wrong(in_a_row({"not as expected: line ", std::to_string(each.line), ", ",
									side_name(each.who), ", after '", each.event, "': ", each.what, "\n"}));
		for (const unmet& each : what.unmet_lines)
			out_ << wrong(in_a_row(
						{"not as expected: line ", std::to_string(each.line), ": ", each.expectation, "\n"}))
				 << in_lines(each.text, 2);
		if (what.exit_status != 0)
			print_wrong(
				in_a_row({"exit status ", std::to_string(what.exit_status), ": ", reasons(what.failures)}));
		if (what.maps)
			for (const map_watch::contents& each : *what.maps)
				if (each.type != map_watch::global_variable)
					print_contents(each);
		if (what.maps)
			print_globals(*what.maps);
	}

  private:
	void print(const std::string& text) { out_ << paragraph(text, 0, 2); }
	void print_answer(const std::string& program, const kernel_answer& answer) {
		const std::string text = in_a_row({program, ": ", beside_ours(answer, nullptr)});
		differs(answer, true) ? print_wrong(text) : print(text);
	}
	void print_wrong(const std::string& text) { out_ << wrong(paragraph(text, 0, 2)); }
	std::string wrong(const std::string& lines) const { return in_colour_ ? red_lines(lines) : lines; }

	void print_losses(const run_end& what) {
		const std::size_t lost = what.lost_replies();
		const std::string replies = lost == 0   ? "no reply was thrown away"
									: lost == 1 ? "1 reply was thrown away"
												: std::to_string(lost) + " replies were thrown away";
		if (what.denied != 0)
			print_wrong(
				in_a_row({std::to_string(what.denied), what.denied == 1 ? " callback was" : " callbacks were",
						  " denied: ", denials_text(what), "; ", replies}));
		else if (lost != 0)
			print_wrong(replies);
		for (const spoil_count& each : what.spoiled)
			print_wrong(in_a_row({"! ", std::to_string(each.count), " x ", short_op_name(each.op),
								  ", first at ", trimmed(in_ms(each.first_ns)), " ms (",
								  who_name(each.first_side), "): ", each.first.text}));
	}

	void print_effects(const run_call& what) {
		for (const spoiled& each : what.spoiled)
			print_wrong_below("! " + each.text);
		for (const map_change& each : what.changes)
			print_below(change_text(each));
		for (const map_record& each : what.records)
			print_below(each.map + " << " + without_zeroes(each.value));
		for (const std::string& each : what.printk)
			print_below("printk: " + each.substr(0, each.find_last_not_of('\n') + 1));
		for (const std::string& each : what.faults)
			print_wrong_below("STOPPED: " + each);
		for (const found_now& each : what.findings)
			print_wrong_below(each.again.empty() ? "FOUND: " + each.message : "FOUND again: " + each.again);
		for (const std::string& each : what.hints)
			print_below("note: " + each);
	}
	/// Long, so that it begins further to the left.
	void print_below(const std::string& text) { out_ << paragraph(text, below, 2); }
	void print_wrong_below(const std::string& text) { out_ << wrong(paragraph(text, below, 2)); }

	/// A long key is written once, and called by a number from then on.
	std::string key_text(const std::string& map, const std::string& key) {
		if (key.size() <= long_key)
			return key;
		std::map<std::string, std::size_t>& known = keys_[map];
		const auto [at, is_new] = known.emplace(key, known.size() + 1);
		const std::string number = std::to_string(at->second);
		return is_new ? in_a_row({"#", number, " = ", without_zeroes(key)}) : in_a_row({"#", number});
	}

	std::string change_text(const map_change& change) {
		const std::string name = change.key.empty()
									 ? change.map
									 : in_a_row({change.map, "[", key_text(change.map, change.key), "]"});
		if (!change.before)
			return name + ": new, " + without_zeroes(*change.after);
		if (!change.after)
			return name + ": deleted, was " + without_zeroes(*change.before);
		return name + ": " + difference_text(*change.before, *change.after);
	}

	/// Whatever is long and nothing but zeroes is not written out.
	static std::string value_text(const map_watch::entry& of) {
		return of.is_zero && of.value.size() > long_key ? "all 0" : without_zeroes(of.value);
	}
	/// "global limit = 8", one below the other.
	void print_globals(const std::vector<map_watch::contents>& all) {
		bool is_first = true;
		for (const map_watch::contents& each : all)
			if (each.type == map_watch::global_variable) {
				out_ << (is_first ? "\n" : "")
					 << paragraph(in_a_row({"global ", each.map, " = ", value_text(each.entries.front())}), 0,
								  2);
				is_first = false;
			}
	}
	/// Elements of an array that are 0 are counted, and not printed.
	void print_contents(const map_watch::contents& of) {
		out_ << '\n' << of.map << " (" << of.type << ')';
		if (!of.is_readable) {
			out_ << ": cannot be walked from outside\n";
			return;
		}
		const bool is_array = of.type.ends_with("ARRAY");
		std::size_t zeroes = 0;
		out_ << (of.entries.empty() ? ": empty\n" : ":\n");
		for (const map_watch::entry& each : of.entries)
			if (is_array && each.is_zero)
				++zeroes;
			else
				out_ << paragraph(in_a_row({"[", without_zeroes(each.key), "] = ", value_text(each)}), 2, 2);
		if (zeroes != 0)
			out_ << "  (" << zeroes << " that are 0)\n";
	}

	std::ostream& out_;
	bool in_colour_;
	std::size_t returned_width_ = 8;
	std::map<std::string, std::map<std::string, std::size_t>> keys_; ///< numbers of long keys, by map
};

} // namespace

std::unique_ptr<output> make_text_output(std::ostream& out, bool in_colour) {
	return std::make_unique<text_output>(out, in_colour);
}

} // namespace sockops_run
