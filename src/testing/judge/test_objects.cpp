// SPDX-License-Identifier: MIT
#include "test_objects.hpp"

#include <filesystem>

#include <sockops/object/kconfig.hpp>

#include "../../object/value_path.hpp"
#include "records.hpp"

namespace sockops::testing::text {

namespace {

namespace fs = std::filesystem;

/// What is done for a line; what goes wrong with it is the line's failure.
template <class Do>
void for_line(unsigned line, const std::string& says, Do&& todo) {
	text_failure failed{text_failure::cause::setup, line, says, {}, {}, 0};
	try {
		return todo();
	} catch (const object_error& wrong) {
		failed.text = wrong.what();
		failed.source_file = wrong.source_file;
		failed.source_line = wrong.source_line;
		for (const object_notice& each : wrong.notices)
			failed.text.append("\nnote: ").append(each.text);
	} catch (const refused_setup&) {
		throw;
	} catch (const std::runtime_error& wrong) { // of a compiler, of a file system
		failed.text = wrong.what();
	}
	failed.text += '\n';
	throw refused_setup(std::move(failed));
}

std::string joined(std::initializer_list<std::string_view> parts) {
	std::string all;
	for (const std::string_view each : parts)
		all += each;
	return all;
}

std::string says(const timeline_object& of) { return joined({"object ", of.file}); }

/// In the folder of the test's file, then in those that were given.
std::string found_file(const std::string& name, const std::string& test_file, const text_test_options& with) {
	std::vector<fs::path> folders{fs::path(test_file).parent_path()};
	folders.insert(folders.end(), with.folders.begin(), with.folders.end());
	std::string looked;
	for (const fs::path& folder : folders) {
		const fs::path path = folder / name; // of an absolute name, that one
		std::error_code ignored;
		if (fs::is_regular_file(path, ignored))
			return path.string();
		looked.append(looked.empty() ? "" : ", ").append(folder.empty() ? "." : folder.string());
	}
	throw object_error("there is no file '" + name + "': looked for in " + looked);
}

kconfig read_options(const timeline& what, const std::string& test_file, const text_test_options& with) {
	kconfig read = with.objects.kconfig;
	for (const timeline_kconfig& each : what.settings.objects.kconfig)
		for_line(each.line, joined({"kconfig ", each.word}), [&] {
			if (each.word.starts_with("CONFIG_"))
				return add_kconfig(read, each.word);
			for (auto& [name, value] : read_kconfig(found_file(each.word, test_file, with)))
				read.insert_or_assign(name, value);
		});
	return read;
}

socket_places find_places(const timeline& what) {
	const timeline_objects& said = what.settings.objects;
	wanted_places wanted{{}, said.client_cgroup, said.server_cgroup, {}, {}, "lines 'cgroup client /PATH'"};
	for (const timeline_object& each : said.objects)
		wanted.objects.push_back({each.file, each.cgroup});
	for (const timeline_event& each : what.events)
		if (each.fire)
			wanted.others.push_back(each.fire->fields.cgroup);
	socket_places at;
	const timeline_object& last = said.objects.back();
	for_line(last.line, says(last), [&] { at = places_of(wanted); });
	return at;
}

void set_globals(object_set& all, const timeline_objects& said) {
	for (const timeline_assignment& each : said.globals)
		for_line(each.line, joined({"set ", each.name, " = ", each.value}), [&] {
			const auto [of, path] = all.variable(each.name);
			object::global_by_path(of->object, path).set_text(each.value);
		});
}

void fill_maps(object_set& all, const timeline_objects& said) {
	for (const timeline_map_entry& each : said.entries)
		for_line(each.line, joined({"map ", each.map, "[", each.key, "] = ", each.value}), [&] {
			const auto [of, name] = all.map(each.map);
			of->object.map(name).fill(each.key, each.value);
		});
}

/// The records' types are looked for by who reads them; a line is refused here.
void check_records(object_set& all, const timeline_objects& said) {
	for (const timeline_assignment& each : said.records)
		for_line(each.line, joined({"records ", each.name, " = ", each.value}),
				 [&] { (void)record_reader(all, {each}); });
}

/// All that attach() attaches, so that an object without a program is told of.
void check_programs(object_set::member& of, const timeline_object& said) {
	for (const std::string& name : said.programs)
		(void)of.object.prog(name);
	of.progs = said.programs.empty() ? of.object.prog_names() : said.programs;
	if (of.progs.empty())
		throw object_error(of.object.name() + ": it has no sock_ops program (SEC(\"sockops\")) to attach");
}

} // namespace

void open_objects(test_objects& into, const timeline& what, const std::string& file,
				  const text_test_options& with) {
	const timeline_objects& said = what.settings.objects;
	into.at = find_places(what);
	object_options options = with.objects;
	options.kconfig = read_options(what, file, with);
	options.pins = &into.pins;
	options.watch = with.objects.watch.value_or(bpf_watch_options());
	for (std::size_t at = 0; at != said.objects.size(); ++at) {
		const timeline_object& each = said.objects[at];
		for_line(each.line, says(each), [&] {
			const std::string path = found_file(each.file, file, with);
			options.programs = each.programs;
			into.all.add(bpf_object::open_file(with.build ? with.build(path) : path, options),
						 into.at.objects[at], each.name);
		});
	}
	set_globals(into.all, said);
	for (std::size_t at = 0; at != said.objects.size(); ++at) {
		object_set::member& member = into.all.members()[at];
		for_line(said.objects[at].line, says(said.objects[at]), [&] {
			member.object.load();
			check_programs(member, said.objects[at]);
			open_perf_buffers(member.object);
		});
	}
	fill_maps(into.all, said);
	check_records(into.all, said);
}

} // namespace sockops::testing::text
