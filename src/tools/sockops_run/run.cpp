// SPDX-License-Identifier: MIT
#include "run.hpp"

#include <algorithm>
#include <iostream>

#include <sockops/object/bpf_pins.hpp>
#include <sockops/testing/text_test.hpp>
#include <sockops/vm/fault.hpp>

#include "../../kern/release_words.hpp"
#include "../../object/object_files.hpp"
#include "../command/words.hpp"
#include "annotate.hpp"
#include "chosen_timeline.hpp"
#include "coverage.hpp"
#include "json_words.hpp"
#include "kernel_asked.hpp"
#include "opened_objects.hpp"
#include "places.hpp"
#include "reporter.hpp"
#include "told_both.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::testing;
using namespace sockops::tools;

namespace {

void fill_maps(object_set& objects, const arguments& with) {
	for (const filled_entry& each : with.map)
		try {
			const auto [of, name] = objects.map(each.map);
			of->object.map(name).fill(each.key, each.value);
		} catch (const object_error& wrong) {
			throw object_error("'--map " + each.option + "': " + wrong.what());
		}
}

/// The object files, as they were opened: natively each is compiled for the one that is opened next.
std::vector<std::string> open(object_set& objects, const object_options& options, const arguments& with,
							  const places& at, program_builder& builder) {
	std::vector<std::string> files;
	for (std::size_t each = 0; each != with.objects.size(); ++each) {
		files.push_back(builder.build(with.objects[each].file));
		(void)open_object(objects, files.back(), at.objects[each], options, with.progs);
	}
	set_globals(objects, with);
	return files;
}

void choose_programs(object_set& objects, const arguments& with) {
	for (const std::string& name : with.progs) {
		const auto [of, its_name] = objects.program(name);
		(void)of->object.prog(its_name);
		of->progs.push_back(its_name);
	}
	for (object_set::member& each : objects.members()) {
		if (each.progs.empty())
			each.progs = each.object.prog_names();
		if (each.progs.empty())
			throw object_error(each.object.name() +
							   ": it has no sock_ops program (SEC(\"sockops\")) to attach");
	}
}

/// What is not shown to the kernel when it was to be asked ends the run.
std::vector<asked_object> ask(const std::vector<std::string>& files, const arguments& with) {
	if (!with.ask_kernel)
		return {};
	std::vector<asked_object> asked = ask_about(files, with);
	for (const asked_object& each : asked)
		if (!each.why_not.empty())
			throw object_error(each.why_not);
	return asked;
}

/// What the kernel says of objects that cannot be loaded here stands beside why not.
void load_beside(object_set& objects, const std::vector<asked_object>& asked) {
	try {
		objects.load();
	} catch (const object_error&) {
		for (const asked_object& each : asked)
			for (const kernel_answer& answer : each.answers)
				std::cerr << "sockops-run: " << answer.program << ": " << in_words(answer) << '\n';
		throw;
	}
}

/// `asked`: becomes what the kernel says, if it is to be asked.
object_set load(const arguments& with, const places& at, program_builder& builder,
				std::vector<asked_object>& asked) {
	object_set objects;
	bpf_pins pins;
	object_options options = options_of_objects(with);
	options.pins = &pins;
	asked = ask(open(objects, options, with, at, builder), with);
	load_beside(objects, asked);
	fill_maps(objects, with);
	choose_programs(objects, with);
	return objects;
}

void add_answers(const std::vector<asked_object>& asked, run_start& to) {
	for (std::size_t at = 0; at != asked.size(); ++at)
		to.objects[at].kernel = asked[at].answers;
}

void add_refusals(const std::vector<asked_object>& asked, run_end& to) {
	for (const asked_object& each : asked)
		for (const kernel_answer& answer : each.answers)
			if (differs(answer, true))
				to.failures.push_back(failure_of(answer, answer.program));
}

run_start describe_start(object_set& objects, const map_watches& maps, const places& at,
						 const arguments& with, bool ipv6) {
	run_start start{{},
					{},
					at.client,
					at.server,
					with.timeline.empty() ? "the built-in timeline" : object::file_name(with.timeline),
					ipv6,
					with.seed};
	for (const object_set::member& each : objects.members()) {
		run_start::object one{each.name, each.object.name(), each.cgroup, {}, each.object.notices()};
		for (const std::string& name : each.progs)
			one.programs.push_back(objects.name_of_program(each, name));
		std::erase_if(one.notices, [](const object_notice& notice) {
			return notice.kind == notice_kind::program_not_chosen; // by --prog
		});
		const std::vector<std::string>& of_maps = maps.notices(start.objects.size());
		one.notices.insert(one.notices.end(), of_maps.begin(), of_maps.end());
		start.objects.push_back(std::move(one));
	}
	if (objects.members().size() == 1 && objects.members()[0].progs.size() > 1 && with.progs.empty())
		start.notices.push_back("all " + std::to_string(objects.members()[0].progs.size()) +
								" programs are attached, in this order; --prog NAME attaches one");
	if (with.kernel != modelled_release)
		start.notices.push_back("as Linux " + sockops::detail::release_in_words(with.kernel) +
								": what is younger is refused, or does not happen");
	return start;
}

std::vector<program_faults> faults_of(object_set& objects) {
	std::vector<program_faults> all;
	for (const object_set::member& each : objects.members())
		for (const std::string& name : each.progs) {
			const bpf_prog_ptr prog = each.object.prog(name);
			if (const u64 count = bpf_prog_faults(*prog.get()))
				all.push_back({objects.name_of_program(each, name), count, bpf_prog_last_fault(*prog.get())});
		}
	return all;
}

void add_differences(const played& result, const arguments& with, run_end& to) {
	to.differences = result.differences;
	for (const difference& each : result.differences)
		to.failures.push_back({"it is not as the timeline expects",
							   in_a_row({side_name(each.who), ", after '", each.event, "': ", each.what}),
							   with.timeline, each.line});
}

/// What the lines say of programs; and what programs did that no line says: that one was stopped, or depended
/// on bytes that nobody wrote.
void add_unmet(const text_judge& judge, const arguments& with, run_end& to) {
	for (const text_failure& each : judge.failures({}))
		if (each.why == text_failure::cause::expectation) {
			to.unmet_lines.push_back({each.line, each.expectation, each.text});
			to.failures.push_back({"it is not as the timeline expects",
								   in_a_row({each.expectation, "\n", each.text}), with.timeline, each.line});
		} else if (!with.keep_going)
			to.failures.push_back({cause_title(each.why),
								   each.text.substr(0, each.text.find_last_not_of('\n') + 1),
								   each.source_file, each.source_line, keep_going_remedy});
}

/// The built-in timeline suits what programs reply; but an option may end a connection before it begins (a
/// TCP_USER_TIMEOUT of 1 ms), and then there is no more to be seen.
played play_to_its_end(const timeline& what, const cgroup_root& world, play_listener& telling,
					   reporter& words, const places& at, const arguments& with) {
	try {
		return play(what, world,
					{.seed = with.seed,
					 .listener = &telling,
					 .client_cgroup = at.client,
					 .server_cgroup = at.server,
					 .listener_judges = true,
					 .kernel = with.kernel});
	} catch (const no_connection&) {
		if (!with.timeline.empty())
			throw;
		telling.ended(0);
		words.say("no connection comes: the client has given up, and the rest is not played");
		return {};
	}
}

/// Records are taken out by the reporter, for both.
played play_judged(const timeline& what, const cgroup_root& world, text_judge& judge, reporter& telling,
				   const places& at, const arguments& with) {
	judge.take_records_from([&telling] {
		std::vector<text_record> all;
		for (const map_record& each : telling.last_records())
			all.push_back({each.map, each.read});
		return all;
	});
	told_both both(telling, judge);
	return play_to_its_end(what, world, both, telling, at, with);
}

std::vector<std::string> files_of(const arguments& with) {
	std::vector<std::string> files;
	for (const placed_file& each : with.objects)
		files.push_back(each.file);
	return files;
}

} // namespace

int run(const arguments& with, output& to) {
	const timeline what = chosen_timeline(with);
	const places at = places_of(with);
	program_builder builder(with.build);
	std::vector<asked_object> asked;
	object_set objects = load(with, at, builder, asked);
	map_watches maps(objects, with);
	const cgroup_root world;
	const std::vector<bpf_link> links = objects.attach(world);

	// What is not judged may be of other objects: its lines are not looked at.
	std::optional<text_judge> judge;
	if (with.expect)
		judge.emplace(what, objects);
	run_start start = describe_start(objects, maps, at, with, what.settings.ipv6);
	add_answers(asked, start);
	to.start(start);
	reporter telling(objects, maps, to, with);
	const auto save_coverage = [&] {
		if (!with.coverage.empty())
			add_coverage(objects, files_of(with), with.coverage);
	};
	played result;
	try {
		result = judge ? play_judged(what, world, *judge, telling, at, with)
					   : play_to_its_end(what, world, telling, telling, at, with);
	} catch (...) { // what has been run has been run
		save_coverage();
		throw;
	}
	run_end end = telling.take_end();
	end.unchecked = with.unchecked;
	end.faults = faults_of(objects);
	add_refusals(asked, end);
	if (judge) {
		add_differences(result, with, end);
		add_unmet(*judge, with, end);
	}
	if (with.maps)
		end.maps = maps.all_contents();
	end.exit_status = std::ranges::any_of(end.failures, &failure::fails) ? 1 : 0;
	to.end(end);
	for (const failure& each : end.failures)
		annotate(each, with);
	save_coverage();
	return end.exit_status;
}

} // namespace sockops_run
