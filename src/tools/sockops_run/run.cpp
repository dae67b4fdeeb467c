// SPDX-License-Identifier: MIT
#include "run.hpp"

#include <utility>

#include <sockops/cgroup/link.hpp>
#include <sockops/trace/call_text.hpp>
#include <sockops/vm/fault.hpp>

#include "global_values.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::testing;

namespace {

/// Messages of faults since they were last taken. The handler has no context, so there is one for the
/// process.
std::vector<std::string> fault_messages;

class fault_collector {
  public:
	fault_collector()
		: before_(set_bpf_fault_handler(
			  [](const bpf_fault& fault) noexcept { fault_messages.push_back(fault.message); })) {}
	~fault_collector() { set_bpf_fault_handler(before_); }
	fault_collector(const fault_collector&) = delete;
	fault_collector& operator=(const fault_collector&) = delete;

  private:
	bpf_fault_handler before_;
};

bpf_object load(const arguments& with) {
	bpf_object object = bpf_object::open_file(with.object);
	for (const auto& [name, value] : with.set)
		try {
			set_global(object, name, value);
		} catch (const object_error& wrong) {
			throw object_error("'--set " + name + "=" + value + "': " + wrong.what());
		}
	object.load();
	return object;
}

timeline read_timeline(const arguments& with) {
	timeline read =
		with.timeline.empty() ? timeline::parse(builtin_timeline) : timeline::parse_file(with.timeline);
	read.settings.ipv6 |= with.ipv6;
	return read;
}

std::vector<bpf_prog_ptr> chosen_programs(const bpf_object& object, const arguments& with) {
	std::vector<bpf_prog_ptr> chosen;
	for (const std::string& name : with.progs.empty() ? object.prog_names() : with.progs)
		chosen.push_back(object.prog(name));
	if (chosen.empty())
		throw object_error(object.name() + ": it has no sock_ops program (SEC(\"sockops\")) to attach");
	return chosen;
}

std::string path_of(std::optional<side> which) { return which ? std::string("/") + side_name(*which) : "/"; }

std::vector<bpf_link> attach(const std::vector<bpf_prog_ptr>& programs, cgroup& to) {
	std::vector<bpf_link> links;
	for (const bpf_prog_ptr& each : programs) {
		attach_error why;
		links.emplace_back(to, each, bpf_attach_opts{}, &why);
		if (!links.back())
			throw object_error(std::string(each->name) + " cannot be attached: " + why.message());
	}
	return links;
}

/// Puts together what belongs to one callback, and hands it on.
class callback_reporter final : public play_listener {
  public:
	callback_reporter(map_watch& maps, output& to) : maps_(maps), to_(to) {}

	void event(u64 time_ns, const timeline_event& what) override {
		to_.event(time_ns,
				  what.text.substr(what.text.find_first_not_of(" \t", what.text.find_first_of(" \t"))));
	}

	void called(side who, u64 time_ns, const trace_call& call) override {
		if (call.steps.empty())
			return;
		++calls;
		run_call seen{who, time_ns, call};
		// A call that an option has caused ends before the one in which the option is set.
		std::erase_if(options_, [&](option_call& each) {
			const bool mine = each.op == call.op;
			if (mine)
				seen.options.push_back(std::move(each));
			return mine;
		});
		seen.printk = std::exchange(printk_, {});
		seen.faults = std::exchange(fault_messages, {});
		auto* const sk = call.is_fullsock ? const_cast<sock*>(static_cast<const sock*>(call.sk)) : nullptr;
		seen.changes = maps_.changes(sk);
		seen.records = maps_.records();
		to_.call(seen);
	}

	void withheld(side, u64, const trace_call& call) override {
		++withheld_ops[std::string(short_op_name(call.op))];
	}
	void option_set(side, u64, const sock_common&, const option_call& what) override {
		options_.push_back(what);
	}
	void freed(side, u64, const sock_common& sk) override { maps_.forget(sk); }
	void printk(side, u64, const char* text) override { printk_.emplace_back(text); }

	std::size_t calls = 0;
	std::map<std::string, std::size_t> withheld_ops;

  private:
	map_watch& maps_;
	output& to_;
	std::vector<option_call> options_;
	std::vector<std::string> printk_;
};

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

run_start describe_start(const bpf_object& object, const std::vector<bpf_prog_ptr>& programs,
						 const map_watch& maps, const arguments& with, bool ipv6) {
	run_start start{object.name(),
					{},
					path_of(with.side),
					object.notices(),
					with.timeline.empty() ? "the built-in timeline" : file_name(with.timeline),
					ipv6};
	for (const bpf_prog_ptr& each : programs)
		start.programs.emplace_back(each->name);
	if (programs.size() > 1 && with.progs.empty())
		start.notices.push_back("all " + std::to_string(programs.size()) +
								" programs are attached, in this order; --prog NAME attaches one");
	start.notices.insert(start.notices.end(), maps.notices().begin(), maps.notices().end());
	return start;
}

std::vector<program_faults> faults_of(const std::vector<bpf_prog_ptr>& programs) {
	std::vector<program_faults> all;
	for (const bpf_prog_ptr& each : programs)
		if (const u64 count = bpf_prog_faults(*each.get()))
			all.push_back({each->name, count, bpf_prog_last_fault(*each.get())});
	return all;
}

} // namespace

bool run(const arguments& with, output& to) {
	const timeline what = read_timeline(with);
	bpf_object object = load(with);
	const std::vector<bpf_prog_ptr> programs = chosen_programs(object, with);
	map_watch maps(object, with);
	const cgroup_root world;
	const std::vector<bpf_link> links = attach(programs, world[path_of(with.side)]);
	const fault_collector collecting;

	to.start(describe_start(object, programs, maps, with, what.settings.ipv6));
	callback_reporter reporter(maps, to);
	const played result = play(what, world, {.listener = &reporter});
	run_end end{reporter.calls, faults_of(programs), std::move(reporter.withheld_ops), {}, {}};
	if (with.expect)
		end.differences = result.differences;
	if (with.maps)
		end.maps = maps.all_contents();
	to.end(end);
	return !with.expect || (end.differences.empty() && end.faults.empty());
}

} // namespace sockops_run
