// SPDX-License-Identifier: MIT
// A unit test of an object file's programs.

#include <sockops/testing/object_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <ostream>

#include <sockops/bpf/bpf_fault.hpp>
#include <sockops/bpf/bpf_finding.hpp>

#include "../judge/records.hpp"
#include "../test_segment.hpp"
#include "crash_report.hpp"

namespace sockops::testing {

namespace {

/// Hears what the programs do while a timeline is played.
struct program_listener final : play_listener {
	program_listener(played_programs& result, program_namer namer) : into(result), watch(std::move(namer)) {}
	void called(side who, u64 time_ns, const trace_call& call) override {
		for (spoiled& each : watch.called(call))
			into.spoiled.push_back({std::move(each), who, time_ns});
	}
	void option_set(side who, u64 time_ns, const sock_common& sk, const option_call& what) override {
		into.options_set[static_cast<std::size_t>(who)].push_back(what);
		if (std::optional<spoiled> taken = spoiled_by(watch, sk, what))
			into.spoiled.push_back({*std::move(taken), who, time_ns});
	}
	void freed(side, u64, const sock_common& sk) override { watch.forget(sk); }
	bool printk(side who, u64, const char* text) override {
		into.printk[static_cast<std::size_t>(who)].emplace_back(text);
		return true;
	}
	bool fault(side, u64, const bpf_fault& what) override {
		into.faults.push_back(what.message);
		return true;
	}
	bool found(side, u64, const bpf_finding& what) override {
		into.findings.push_back(what.message);
		return true;
	}
	played_programs& into;
	spoil_watch watch;
};

/// SOCKOPS_NATIVE, for whole test programs.
program_form form_of_environment() {
	const char* const set = std::getenv("SOCKOPS_NATIVE");
	const std::string_view says = set ? set : "";
	if (says == "1")
		return program_form::native;
	if (!says.empty() && says != "0")
		throw object_error("SOCKOPS_NATIVE=" + std::string(says) +
						   ": 1 runs programs natively, 0 or nothing interprets them");
	return program_form::interpreted;
}

} // namespace

struct object_test::made_segment : test_segment {
	using test_segment::test_segment;
};

void PrintTo(const played_programs& what, std::ostream* out) {
	for (const std::string& fault : what.faults)
		*out << "STOPPED: " << fault << ".\n";
	for (const std::string& finding : what.findings)
		*out << "FOUND: " << finding << ".\n";
	*out << "a played timeline of " << what.intervals.size() << " events";
}

object_test::object_test(const std::string& object_file, const net_profile& profile,
						 const object_options& with)
	: object_test(std::vector<placed_object>{{object_file}}, profile, with) {}

object_test::object_test(const std::vector<placed_object>& objects, const net_profile& profile,
						 const object_options& with)
	: in(profile, clock.sources()), watch_(namer()) {
	object_options each_with = with;
	each_with.hz = profile.hz;
	each_with.kernel = profile.kernel;
	each_with.watch = with.watch.value_or(bpf_watch_options());
	each_with.pins = with.pins ? with.pins : &pins_;
	const program_form form = with.form ? *with.form : form_of_environment();
	for (const placed_object& each : objects) {
		each_with.form = each.form.value_or(form);
		objects_.add(bpf_object::open_file(each.file, each_with), each.cgroup, each.name);
		if (each_with.form == program_form::native)
			report_crashes();
	}
}

object_test::~object_test() = default;

program_namer object_test::namer() {
	return [this](const bpf_prog& program) { return objects_.name_of(program); };
}

void object_test::load() {
	if (loaded_)
		return;
	objects_.load();
	loaded_ = true;
	for (const object_set::member& each : objects_.members())
		text::open_perf_buffers(each.object);
}

void object_test::attach() {
	load();
	for (bpf_link& link : objects_.attach(root))
		links_.push_back(std::move(link));
}

void object_test::attach(std::string_view path, std::string_view program) {
	load();
	const auto keep = [&](std::vector<bpf_link> links) {
		for (bpf_link& link : links)
			links_.push_back(std::move(link));
	};
	if (!program.empty()) {
		const auto [of, name] = objects_.program(program);
		return keep(object_set::attach(*of, {name}, root.make(path)));
	}
	for (const object_set::member& each : objects_.members())
		keep(object_set::attach(each, each.progs, root.make(path)));
}

typed_value object_test::global(std::string_view name) {
	const auto [of, its_name] = objects_.variable(name);
	return of->object.global(its_name);
}

map_view object_test::map(std::string_view name) const {
	const auto [of, its_name] = objects_.map(name);
	return of->object.map(its_name);
}

bpf_prog_ptr object_test::prog(std::string_view name) const {
	if (name.empty())
		return objects_[""].object.prog();
	const auto [of, its_name] = objects_.program(name);
	return of->object.prog(its_name);
}

tcp_sock& object_test::socket(const socket_fields& with) {
	scoped_tcp_sock& made = sockets_.emplace_back(in, root.make(with.cgroup));
	set_fields(made, with);
	return made;
}

request_sock& object_test::request(tcp_sock& listener, const socket_fields& with) {
	request_sock& made = requests_.emplace_back();
	inet_reqsk_init(made, &listener, in);
	set_addresses(made, with);
	made.mss = static_cast<u16>(with.mss);
	return made;
}

tcp_sock& object_test::child(const tcp_sock& listener, request_sock& of) {
	scoped_tcp_sock& made = sockets_.emplace_back(listener, of);
	if (made.error != 0)
		throw object_error("no child could be made: " + errno_text(made.error) +
						   "; the request is one that request() made, and has had no child");
	return made;
}

sk_buff& object_test::segment(const std::vector<u8>& options, u8 flags) {
	if (options.size() > max_tcp_option_space)
		throw object_error("a segment with " + std::to_string(options.size()) +
						   " bytes of options: a header has room for " +
						   std::to_string(max_tcp_option_space));
	return segments_.emplace_back(std::make_unique<made_segment>(options, flags))->skb;
}

fired object_test::fire(bpf_sock_ops_op op, sock_common& sk, const fire_options& with) {
	fire_options watched = with;
	if (!watched.watch)
		watched.watch = &watch_;
	return testing::fire(op, sk, watched);
}

played_programs object_test::play(const timeline& what) {
	played_programs result;
	program_listener listener(result, namer());
	static_cast<played&>(result) = testing::play(what, root, {.listener = &listener});
	return result;
}

std::vector<typed_value> object_test::records(std::string_view map_name, std::string_view type) const {
	return map(map_name).records(type);
}

bool object_test::has_storage(std::string_view map_name, tcp_sock& sk) const {
	return map(map_name).of_socket(sk).has_value();
}

typed_value object_test::storage(std::string_view map_name, tcp_sock& sk) const {
	if (std::optional<typed_value> value = map(map_name).of_socket(sk))
		return *std::move(value);
	throw object_error("map '" + std::string(map_name) +
					   "' has no value for the socket: no program has made one, or it was deleted");
}

} // namespace sockops::testing
