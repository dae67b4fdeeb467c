// SPDX-License-Identifier: MIT
// The run as JSON, one object a line. What the members are: --help.
#include <sockops/hook/sockopt.hpp>
#include <sockops/trace/call_text.hpp>

#include "../../object/json.hpp"
#include "output.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::testing;

namespace {

template <class Number>
std::string number(Number value) {
	return std::to_string(value);
}
std::string boolean(bool value) { return value ? "true" : "false"; }
std::string or_null(const std::optional<std::string>& text) { return text ? json_string(*text) : "null"; }
std::string strings(const std::vector<std::string>& all) {
	return json_array(all, [](const std::string& each) { return json_string(each); });
}
std::string pair(s64 before, s64 after) { return json_array({number(before), number(after)}); }

const char* fate_name(trace_fate fate) {
	switch (fate) {
	case trace_fate::ran:
		return "ran";
	case trace_fate::no_program:
		return "no_program";
	case trace_fate::key_off:
		return "key_off";
	case trace_fate::time_wait:
		return "time_wait";
	case trace_fate::no_listener:
		return "no_listener";
	case trace_fate::withheld:
		break;
	}
	return "withheld";
}

std::string args_json(const trace_call& call) {
	std::vector<std::string> all;
	for (u32 at = 0; at != op_nargs(call.op); ++at)
		all.push_back(number(call.args[at]));
	return json_array(all);
}

std::string step_json(const trace_step& step) {
	return json_object(
		{{"name", json_string(step.prog->name ? step.prog->name : "?")},
		 {"returned", number(step.ret)},
		 {"reply", pair(static_cast<s32>(step.before.reply), static_cast<s32>(step.after.reply))},
		 {"flags", pair(step.before.cb_flags, step.after.cb_flags)}});
}

std::string option_json(const option_call& option) {
	const sockopt_info* const row = find_sockopt(option.level, option.optname);
	const bool is_number =
		option.value.size() == sizeof(int) && (!row || row->optlen == sockopt_info::length::word);
	const bool is_name = row && row->optlen == sockopt_info::length::name;
	return json_object({{"op", json_string(op_name(option.op))},
						{"level", number(option.level)},
						{"optname", number(option.optname)},
						{"name", json_string(option.name())},
						{"value", is_number ? number(option.number())
								  : is_name ? json_string(option.string())
											: json_string(option.value_text())},
						{"error", option.result ? json_string(errno_text(option.result)) : "null"}});
}

std::string change_json(const map_change& change) {
	return json_object({{"map", json_string(change.map)},
						{"key", change.key.empty() ? "null" : json_string(change.key)},
						{"old", or_null(change.before)},
						{"new", or_null(change.after)}});
}

std::string contents_json(const map_watch::contents& of) {
	const auto entry = [](const named_value& each) {
		return json_object({{"key", json_string(each.first)}, {"value", json_string(each.second)}});
	};
	return json_object({{"map", json_string(of.map)},
						{"type", json_string(of.type)},
						{"entries", of.is_readable ? json_array(of.entries, entry) : "null"}});
}

class json_output final : public output {
  public:
	explicit json_output(std::ostream& out) : out_(out) {}

	void start(const run_start& what) override {
		out_ << json_object({{"kind", json_string("start")},
							 {"object", json_string(what.object)},
							 {"programs", strings(what.programs)},
							 {"attached_to", json_string(what.where)},
							 {"notices", strings(what.notices)},
							 {"timeline", json_string(what.timeline)},
							 {"ipv6", boolean(what.ipv6)}})
			 << '\n';
	}

	void event(u64 time_ns, const std::string& text) override {
		out_ << json_object({{"kind", json_string("event")},
							 {"time_ns", number(time_ns)},
							 {"text", json_string(text)}})
			 << '\n';
	}

	void call(const run_call& what) override {
		const auto record = [](const map_record& each) {
			return json_object({{"map", json_string(each.map)}, {"value", json_string(each.value)}});
		};
		out_ << json_object({{"kind", json_string("call")},
							 {"time_ns", number(what.time_ns)},
							 {"side", json_string(side_name(what.who))},
							 {"op", json_string(op_name(what.call.op))},
							 {"args", args_json(what.call)},
							 {"full_socket", boolean(what.call.is_fullsock)},
							 {"state", json_string(tcp_state_name(what.call.state))},
							 {"fate", json_string(fate_name(what.call.fate))},
							 {"result", number(what.call.result)},
							 {"programs", json_array(what.call.steps, step_json)},
							 {"options", json_array(what.options, option_json)},
							 {"maps", json_array(what.changes, change_json)},
							 {"records", json_array(what.records, record)},
							 {"printk", strings(what.printk)},
							 {"faults", strings(what.faults)}})
			 << '\n';
	}

	void end(const run_end& what) override {
		std::vector<std::pair<std::string_view, std::string>> withheld;
		for (const auto& [op, times] : what.withheld)
			withheld.emplace_back(op, number(times));
		const auto fault = [](const program_faults& each) {
			return json_object({{"program", json_string(each.program)},
								{"count", number(each.count)},
								{"last", json_string(each.last)}});
		};
		const auto apart = [](const difference& each) {
			return json_object({{"line", number(each.line)},
								{"side", json_string(side_name(each.who))},
								{"event", json_string(each.event)},
								{"what", json_string(each.what)}});
		};
		std::vector<std::pair<std::string_view, std::string>> members{
			{"kind", json_string("end")},
			{"calls", number(what.calls)},
			{"faults", json_array(what.faults, fault)},
			{"withheld", json_object(withheld)},
			{"differences", json_array(what.differences, apart)}};
		if (what.maps)
			members.emplace_back("maps", json_array(*what.maps, contents_json));
		out_ << json_object(members) << '\n';
	}

  private:
	std::ostream& out_;
};

} // namespace

std::unique_ptr<output> make_json_output(std::ostream& out) { return std::make_unique<json_output>(out); }

} // namespace sockops_run
