// SPDX-License-Identifier: MIT
// The run as lines for people.
#include <algorithm>
#include <cstdio>

#include <sockops/trace/explain.hpp>

#include "output.hpp"
#include "value_difference.hpp"
#include "words.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::testing;

namespace {

constexpr std::size_t op_width = 19, state_width = 12, line_width = 120, long_key = 16;

std::string in_ms(u64 time_ns) {
	char text[32];
	std::snprintf(text, sizeof text, "%6llu.%03llu", static_cast<unsigned long long>(time_ns / 1'000'000),
				  static_cast<unsigned long long>(time_ns / 1000 % 1000));
	return text;
}

std::string padded(std::string text, std::size_t width) {
	text.resize(std::max(width, text.size()), ' ');
	return text;
}

std::string name_of(const trace_step& step) { return step.prog->name ? step.prog->name : "?"; }

std::string returned(const trace_call& call) {
	std::vector<std::string> all;
	for (const trace_step& step : call.steps)
		all.push_back(std::to_string(step.ret));
	return with_between(all, " ");
}

std::string signed_text(u32 value) { return std::to_string(static_cast<s32>(value)); }

/// "reply 0 -> 40", "flags +STATE_CB_FLAG": one program's part, a piece each.
void add_step(const trace_call& call, const trace_step& step, std::vector<std::string>& pieces) {
	const std::string who = call.steps.size() > 1 ? name_of(step) + ": " : "";
	const trace_state &before = step.before, &after = step.after;
	if (before.reply != after.reply)
		pieces.push_back(who + "reply " + signed_text(before.reply) + " -> " + signed_text(after.reply));
	if (const u8 set = after.cb_flags & ~before.cb_flags)
		pieces.push_back(who + "flags +" + cb_flags_text(set));
	if (const u8 cleared = before.cb_flags & ~after.cb_flags)
		pieces.push_back(who + "flags -" + cb_flags_text(cleared));
	if (const u32 taken = before.remaining_opt_len - after.remaining_opt_len)
		pieces.push_back(who + (call.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB ? "reserved " : "wrote ") +
						 std::to_string(taken) + (taken == 1 ? " byte" : " bytes"));
	if (step.ret == 0)
		pieces.push_back(who + "denied");
}

/// Arguments that the callback's text does not show.
void add_arguments(const trace_call& call, std::vector<std::string>& pieces) {
	if (call.op == BPF_SOCK_OPS_STATE_CB)
		pieces.push_back(in_a_row({"to ", tcp_state_name(call.args[1])}));
	if (call.op != BPF_SOCK_OPS_RTT_CB || !call.profile.rtt_cb_args)
		return;
	pieces.push_back("rtt " + std::to_string(call.args[0]) + " us, smoothed " +
					 std::to_string(call.args[1] >> 3) + " us");
}

class text_output final : public output {
  public:
	explicit text_output(std::ostream& out) : out_(out) {}

	void start(const run_start& what) override {
		returned_width_ = std::max<std::size_t>(8, 2 * what.programs.size() - 1);
		out_ << what.object << ": " << with_between(what.programs, ", ") << ", attached to " << what.where
			 << "; " << what.timeline << ", " << (what.ipv6 ? "IPv6" : "IPv4") << '\n';
		for (const std::string& each : what.notices)
			out_ << "note: " << each << '\n';
		out_ << '\n'
			 << "   time ms  side    " << padded("callback", op_width) << "  " << padded("state", state_width)
			 << "  " << padded("returned", returned_width_) << "  what it did\n";
	}

	void event(u64 time_ns, const std::string& text) override {
		out_ << in_ms(time_ns) << "  -- " << text << '\n';
	}

	void call(const run_call& what) override {
		std::vector<std::string> pieces;
		add_arguments(what.call, pieces);
		for (const trace_step& step : what.call.steps)
			add_step(what.call, step, pieces);
		for (const option_call& each : what.options)
			pieces.push_back(each.text());
		std::string line = in_ms(what.time_ns) + "  " + padded(side_name(what.who), 6) + "  " +
						   padded(call_text(what.call), op_width) + "  " +
						   padded(tcp_state_name(what.call.state), state_width) + "  " +
						   padded(returned(what.call), returned_width_) + "  ";
		print_wrapped(std::move(line), pieces);
		print_effects(what);
	}

	void end(const run_end& what) override {
		out_ << '\n' << what.calls << (what.calls == 1 ? " callback" : " callbacks");
		if (!what.withheld.empty()) {
			std::vector<std::string> each;
			for (const auto& [op, times] : what.withheld)
				each.push_back(op + " x " + std::to_string(times));
			out_ << "; not called, as the socket's flag for it is clear: " << with_between(each, ", ");
		}
		out_ << '\n';
		for (const program_faults& each : what.faults)
			out_ << each.program << " was stopped "
				 << (each.count == 1 ? "once" : std::to_string(each.count) + " times")
				 << ", last: " << each.last << '\n';
		for (const difference& each : what.differences)
			out_ << "not as expected: line " << each.line << ", " << side_name(each.who) << ", after '"
				 << each.event << "': " << each.what << '\n';
		if (what.maps)
			for (const map_watch::contents& each : *what.maps)
				print_contents(each);
	}

  private:
	std::size_t indent() const noexcept {
		return 10 + 2 + 6 + 2 + op_width + 2 + state_width + 2 + returned_width_ + 2;
	}

	/// Pieces with commas between them; what does not fit goes below, under the first.
	void print_wrapped(std::string line, const std::vector<std::string>& pieces) {
		for (std::size_t at = 0; at != pieces.size(); ++at) {
			const bool first = line.size() <= indent();
			if (!first && line.size() + 2 + pieces[at].size() > line_width) {
				out_ << line << ",\n";
				line = std::string(indent(), ' ');
			} else if (!first) {
				line += ", ";
			}
			line += pieces[at];
		}
		out_ << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
	}

	void print_effects(const run_call& what) {
		for (const map_change& each : what.changes)
			print_below(change_text(each));
		for (const map_record& each : what.records)
			print_below(each.map + " << " + without_zeroes(each.value));
		for (const std::string& each : what.printk)
			print_below("printk: " + each.substr(0, each.find_last_not_of('\n') + 1));
		for (const std::string& each : what.faults)
			print_below("STOPPED: " + each);
	}
	/// Long, so that it begins further to the left.
	void print_below(const std::string& text) { out_ << std::string(20, ' ') << text << '\n'; }

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
		for (const auto& [key, value] : of.entries) {
			const std::string text = without_zeroes(value);
			if (is_array && (text == "0" || text == "all 0"))
				++zeroes;
			else if (key.empty())
				out_ << "  " << text << '\n';
			else
				out_ << "  [" << without_zeroes(key) << "] = " << text << '\n';
		}
		if (zeroes != 0)
			out_ << "  (" << zeroes << " that are 0)\n";
	}

	std::ostream& out_;
	std::size_t returned_width_ = 8;
	std::map<std::string, std::map<std::string, std::size_t>> keys_; ///< numbers of long keys, by map
};

} // namespace

std::unique_ptr<output> make_text_output(std::ostream& out) { return std::make_unique<text_output>(out); }

} // namespace sockops_run
