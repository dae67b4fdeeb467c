// SPDX-License-Identifier: MIT
// The run as JSON, one object a line. What the members are: --help, and sockops-run.schema.json.
#include <sockops/hook/sockopt.hpp>
#include <sockops/trace/call_text.hpp>

#include "json_words.hpp"
#include "kernel_json.hpp"
#include "output.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::object;
using namespace sockops::testing;

namespace {

std::string boolean(bool value) { return value ? "true" : "false"; }
/// Of maps, written as JSON already.
std::string or_null(const std::optional<std::string>& json) { return json.value_or("null"); }
std::string texts(const std::vector<object_notice>& all) {
	return json_array(all, [](const object_notice& each) { return json_string(each.text); });
}
std::string who_json(std::optional<side> who) { return who ? json_string(side_name(*who)) : "null"; }
std::string pair(s64 before, s64 after) { return json_array({number(before), number(after)}); }

std::string args_json(const trace_call& call) {
	std::vector<std::string> all;
	for (u32 at = 0; at != op_nargs(call.op); ++at)
		all.push_back(number(call.args[at]));
	return json_array(all);
}

std::string step_json(const trace_step& step, const program_namer& name_of) {
	return json_object(
		{{"name", json_string(name_of(*step.prog))},
		 {"returned", number(step.ret)},
		 {"reply", pair(static_cast<s32>(step.before.reply), static_cast<s32>(step.after.reply))},
		 {"flags", pair(step.before.cb_flags, step.after.cb_flags)}});
}

std::string spoiled_json(const spoiled& each) {
	return json_object({{"what", json_string(spoil_name(each.what))},
						{"of", strings(each.of)},
						{"by", strings(each.by)},
						{"value", number(each.value)},
						{"text", json_string(each.text)}});
}

std::string spoil_count_json(const spoil_count& each) {
	return json_object({{"what", json_string(spoil_name(each.first.what))},
						{"of", strings(each.first.of)},
						{"by", strings(each.first.by)},
						{"op", json_string(op_name(each.op))},
						{"count", number(each.count)},
						{"first_ns", number(each.first_ns)},
						{"first_side", who_json(each.first_side)},
						{"text", json_string(each.first.text)}});
}

std::string counts_json(const std::map<std::string, std::size_t>& counts) {
	std::vector<std::pair<std::string_view, std::string>> members;
	for (const auto& [name, times] : counts)
		members.emplace_back(name, number(times));
	return json_object(members);
}

std::string denied_json(const run_end& what) {
	return json_object({{"calls", number(what.denied)},
						{"programs", counts_json(what.denials)},
						{"replies", number(what.lost_replies())}});
}

std::string object_json(const run_start::object& of) {
	return json_object({{"name", json_string(of.name)},
						{"file", json_string(of.file)},
						{"cgroup", json_string(of.cgroup)},
						{"programs", strings(of.programs)},
						{"notices", texts(of.notices)},
						{"kernel", json_array(of.kernel, kernel_json)}});
}

std::string fault_json(const program_faults& each) {
	return json_object({{"program", json_string(each.program)},
						{"count", number(each.count)},
						{"last", json_string(each.last)}});
}

std::string finding_json(const finding_count& each) {
	return json_object({{"program", json_string(each.program)},
						{"count", number(each.count)},
						{"first_ns", number(each.first_ns)},
						{"first_side", who_json(each.first_side)},
						{"source_file", text_or_null(each.at.file)},
						{"source_line", line_or_null(each.at.line)},
						{"text", json_string(each.message)}});
}

std::string difference_json(const difference& each) {
	return json_object({{"line", number(each.line)},
						{"side", json_string(side_name(each.who))},
						{"event", json_string(each.event)},
						{"what", json_string(each.what)}});
}

std::string unmet_json(const unmet& each) {
	return json_object({{"line", number(each.line)},
						{"expectation", json_string(each.expectation)},
						{"text", json_string(each.text)}});
}

std::string option_json(const option_call& option, const program_namer& name_of) {
	const sockopt_info* const row = find_sockopt(option.level, option.optname);
	const bool is_number =
		option.value.size() == sizeof(int) && (!row || row->optlen == sockopt_info::length::word);
	const bool is_name = row && row->optlen == sockopt_info::length::name;
	return json_object({{"program", option.prog ? json_string(name_of(*option.prog)) : "null"},
						{"op", json_string(op_name(option.op))},
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
						{"key", change.key.empty() ? "null" : change.key},
						{"old", or_null(change.before)},
						{"new", or_null(change.after)}});
}

std::string contents_json(const map_watch::contents& of) {
	const auto entry = [](const map_watch::entry& each) {
		return json_object({{"key", each.key.empty() ? "null" : each.key}, {"value", each.value}});
	};
	return json_object({{"map", json_string(of.map)},
						{"type", json_string(of.type)},
						{"entries", of.is_readable ? json_array(of.entries, entry) : "null"}});
}

class json_output final : public output {
  public:
	explicit json_output(std::ostream& out) : out_(out) {}

	void start(const run_start& what) override {
		std::vector<std::string> programs, notices = what.notices;
		for (const run_start::object& each : what.objects) {
			programs.insert(programs.end(), each.programs.begin(), each.programs.end());
			for (const object_notice& notice : each.notices)
				notices.push_back(notice.text);
		}
		out_ << json_object({{"kind", json_string("start")},
							 {"version", number(json_version)},
							 {"objects", json_array(what.objects, object_json)},
							 {"programs", strings(programs)},
							 {"notices", strings(notices)},
							 {"timeline", json_string(what.timeline)},
							 {"ipv6", boolean(what.ipv6)},
							 {"seed", number(what.seed)},
							 {"client_cgroup", json_string(what.client_cgroup)},
							 {"server_cgroup", json_string(what.server_cgroup)}})
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
			return json_object({{"map", json_string(each.map)}, {"value", each.value}});
		};
		const auto finding = [](const found_now& each) { return json_string(each.message); };
		const auto step = [&](const trace_step& each) { return step_json(each, what.name_of); };
		const auto option = [&](const option_call& each) { return option_json(each, what.name_of); };
		out_ << json_object({{"kind", json_string("call")},
							 {"time_ns", number(what.time_ns)},
							 {"side", who_json(what.who)},
							 {"op", json_string(op_name(what.call.op))},
							 {"args", args_json(what.call)},
							 {"full_socket", boolean(what.call.is_fullsock)},
							 {"state", json_string(tcp_state_name(what.call.state))},
							 {"fate", json_string(fate_name(what.call.fate))},
							 {"result", number(what.call.result)},
							 {"programs", json_array(what.call.steps, step)},
							 {"options", json_array(what.options, option)},
							 {"maps", json_array(what.changes, change_json)},
							 {"records", json_array(what.records, record)},
							 {"printk", strings(what.printk)},
							 {"faults", strings(what.faults)},
							 {"findings", json_array(what.findings, finding)},
							 {"spoiled", json_array(what.spoiled, spoiled_json)},
							 {"hints", strings(what.hints)}})
			 << '\n';
	}

	void end(const run_end& what) override {
		std::vector<std::pair<std::string_view, std::string>> members{
			{"kind", json_string("end")},
			{"calls", number(what.calls)},
			{"denied", denied_json(what)},
			{"spoiled", json_array(what.spoiled, spoil_count_json)},
			{"faults", json_array(what.faults, fault_json)},
			{"findings", json_array(what.findings, finding_json)},
			{"withheld", counts_json(what.withheld)},
			{"differences", json_array(what.differences, difference_json)},
			{"unmet", json_array(what.unmet_lines, unmet_json)},
			{"unchecked", boolean(what.unchecked)},
			{"exit_status", number(what.exit_status)}};
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
