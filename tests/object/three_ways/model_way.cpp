// SPDX-License-Identifier: MIT
#include "model_way.hpp"

#include <filesystem>
#include <stdexcept>

#include <sockops/cgroup/link.hpp>
#include <sockops/map/sock_map.hpp>
#include <sockops/native/native_object.hpp>
#include <sockops/object/bpf_object.hpp>
#include <sockops/testing/play.hpp>
#include <sockops/vm/fault.hpp>

namespace three_ways {

namespace {

using sockops::testing::side;

void add_calls(outcome& to, const timeline& what, const sockops::testing::played& seen) {
	for (std::size_t event = 0; event != seen.intervals.size(); ++event)
		for (const side who : {side::client, side::server}) {
			std::string text;
			for (const auto& call : seen.intervals[event].calls[static_cast<std::size_t>(who)])
				text.append(text.empty() ? "" : " ").append(call.text());
			to.emplace(name_of_calls(what, event, who), text);
		}
}

/// What is told while a timeline is played.
template <class Object>
class listener final : public sockops::testing::play_listener {
  public:
	listener(Object& object, const program_case& of) : object_(object), of_(of) {}

	std::vector<std::string> lines[2]; ///< of bpf_trace_printk(), and options that were set, by side
	outcome sockets;                   ///< how many are in which map, before each event

	void event(sockops::u64, const sockops::testing::timeline_event& what) override {
		for (const std::string& each : of_.socket_maps) {
			const std::size_t count = sockops::sock_map_count(object_.map(each).map());
			sockets.emplace(name_of_sockets(each, what), std::to_string(count));
		}
	}
	bool printk(side who, sockops::u64, const char* text) override {
		lines[static_cast<std::size_t>(who)].push_back(std::string("prints ") + text);
		return true;
	}
	void option_set(side who, sockops::u64, const sockops::sock_common&,
					const sockops::testing::option_call& what) override {
		lines[static_cast<std::size_t>(who)].push_back("sets " + what.text());
	}

  private:
	Object& object_;
	const program_case& of_;
};

void add_lines(outcome& to, const std::vector<std::string> (&lines)[2]) {
	for (const side who : {side::client, side::server}) {
		unsigned number = 0;
		for (const std::string& line : lines[static_cast<std::size_t>(who)])
			to.emplace(std::string(sockops::testing::side_name(who)) + " #" + std::to_string(++number), line);
	}
}

/// One object serves both sides, as one program attached to their parent would.
template <class Object>
model_run play_object(Object& object, const program_case& of, const timeline& what) {
	object.load();
	open_buffers(object, of);
	const sockops::cgroup_root world;
	std::vector<sockops::bpf_link> links;
	for (const std::string& each : of.entries())
		for (const char* side : {"/client", "/server"})
			links.emplace_back(world.make(side), object.prog(each));
	listener<Object> told(object, of);
	const sockops::testing::played seen = sockops::testing::play(what, world, {.seed = 1, .listener = &told});
	model_run run;
	run.left = outcome_of(object, of);
	empty_program_arrays(object);
	add_calls(run.left, what, seen);
	run.left.merge(told.sockets);
	add_lines(run.printed, told.lines);
	for (const std::string& each : of.entries())
		if (const std::string fault = sockops::bpf_prog_last_fault(*object.prog(each).get()); !fault.empty())
			throw std::runtime_error(of.name + ": " + fault);
	return run;
}

} // namespace

timeline bare_timeline(const std::string& name, bool ipv6) {
	const std::string path = TIMELINES "/" + name;
	// One with addresses is of one family: there is a file for each.
	const bool of_both = std::filesystem::exists(path + ".timeline");
	timeline what = timeline::parse_file(path + (of_both ? ".timeline"
												 : ipv6  ? "_ipv6.timeline"
														 : "_ipv4.timeline"));
	what.settings.ipv6 = ipv6;
	what.settings.programs = {};
	return what;
}

std::string name_of_sockets(const std::string& map, const sockops::testing::timeline_event& event) {
	return "sockets in " + map + " before line " + std::to_string(event.line) + ", '" + event.text + "'";
}

std::string name_of_calls(const timeline& what, std::size_t event, side who) {
	std::string name = "calls of the ";
	name.append(sockops::testing::side_name(who)).append(" from line ");
	name.append(std::to_string(what.events[event].line)).append(", '").append(what.events[event].text);
	return name + "'";
}

model_run play_interpreted(const program_case& of, const timeline& what) {
	sockops::object_options with;
	if (of.watched)
		with.watch.emplace();
	sockops::bpf_object object = sockops::bpf_object::open_file(of.path(), with);
	return play_object(object, of, what);
}

model_run play_native(const program_case& of, const timeline& what) {
	sockops::native_object object = sockops::native_object::open(of.target());
	return play_object(object, of, what);
}

} // namespace three_ways
