// SPDX-License-Identifier: MIT
#include "run.hpp"

#include <algorithm>
#include <utility>

#include <sockops/object/bpf_pins.hpp>
#include <sockops/object/kconfig.hpp>
#include <sockops/testing/text_test.hpp>
#include <sockops/vm/fault.hpp>

#include "../../kern/release_words.hpp"
#include "../../object/object_files.hpp"
#include "../../object/value_path.hpp"
#include "../command/words.hpp"
#include "annotate.hpp"
#include "chosen_timeline.hpp"
#include "coverage.hpp"
#include "json_words.hpp"
#include "places.hpp"
#include "reporter.hpp"
#include "told_both.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::testing;
using namespace sockops::tools;

namespace {

void set_globals(object_set& objects, const arguments& with) {
	for (const auto& [name, value] : with.set)
		try {
			const auto [of, path] = objects.variable(name);
			object::global_by_path(of->object, path).set_text(value);
		} catch (const object_error& wrong) {
			throw object_error("'--set " + name + "=" + value + "': " + wrong.what());
		}
}

void fill_maps(object_set& objects, const arguments& with) {
	for (const filled_entry& each : with.map)
		try {
			const auto [of, name] = objects.map(each.map);
			of->object.map(name).fill(each.key, each.value);
		} catch (const object_error& wrong) {
			throw object_error("'--map " + each.option + "': " + wrong.what());
		}
}

/// In the order of the command line: a later one goes before.
kconfig read_options(const std::vector<std::string>& words) {
	kconfig read;
	for (const std::string& word : words)
		if (word.starts_with("CONFIG_"))
			add_kconfig(read, word);
		else
			for (auto& [name, value] : read_kconfig(word))
				read.insert_or_assign(name, value);
	return read;
}

/// Of those that --prog names the object's; of two objects' names the "b:" says whose it is.
std::vector<std::string> chosen_programs(const object_set::member& of,
										 const std::vector<std::string>& names) {
	const std::vector<std::string> there = of.object.prog_names();
	std::vector<std::string> chosen;
	for (const std::string& name : names) {
		const std::string mine = name.starts_with(of.name + ":") ? name.substr(of.name.size() + 1) : name;
		if (std::ranges::find(there, mine) != there.end())
			chosen.push_back(mine);
	}
	return chosen;
}

/// Only what --prog names is loaded: another program that cannot be is no matter.
void open(object_set& objects, const std::string& file, const std::string& cgroup, object_options options,
		  const std::vector<std::string>& progs) {
	const std::optional<program_form> form = std::exchange(options.form, program_form::interpreted);
	object_set::member& made = objects.add(bpf_object::open_file(file, options), cgroup);
	options.programs = chosen_programs(made, progs);
	options.form = form;
	if (!options.programs.empty() || form == program_form::native)
		made.object = bpf_object::open_file(file, options);
}

object_set load(const arguments& with, const places& at, program_builder& builder) {
	object_set objects;
	bpf_pins pins;
	const object_options options{.kconfig = read_options(with.kconfig),
								 .pins = &pins,
								 .form = with.build.native ? program_form::native : program_form::interpreted,
								 .watch = bpf_watch_options{.seed = with.seed},
								 .kernel = with.kernel};
	for (std::size_t each = 0; each != with.objects.size(); ++each)
		open(objects, builder.build(with.objects[each].file), at.objects[each], options, with.progs);
	set_globals(objects, with);
	objects.load();
	fill_maps(objects, with);
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
	return objects;
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
		start.notices.push_back("as Linux " + release_in_words(with.kernel) +
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
	object_set objects = load(with, at, builder);
	map_watches maps(objects, with);
	const cgroup_root world;
	const std::vector<bpf_link> links = objects.attach(world);

	// What is not judged may be of other objects: its lines are not looked at.
	std::optional<text_judge> judge;
	if (with.expect)
		judge.emplace(what, objects);
	to.start(describe_start(objects, maps, at, with, what.settings.ipv6));
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
	end.faults = faults_of(objects);
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
