// SPDX-License-Identifier: MIT
#include "opened_objects.hpp"

#include <algorithm>
#include <utility>

#include <sockops/object/kconfig.hpp>

#include "../../object/value_path.hpp"

namespace sockops_run {

using namespace sockops;

namespace {

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

} // namespace

object_options options_of_objects(const arguments& with) {
	return {.kconfig = read_options(with.kconfig),
			.form = with.build.native ? program_form::native : program_form::interpreted,
			.watch = bpf_watch_options{.seed = with.seed},
			.kernel = with.kernel,
			.unchecked = with.unchecked};
}

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

object_set::member& open_object(object_set& objects, const std::string& file, const std::string& cgroup,
								object_options options, const std::vector<std::string>& progs) {
	const std::optional<program_form> form = std::exchange(options.form, program_form::interpreted);
	object_set::member& made = objects.add(bpf_object::open_file(file, options), cgroup);
	options.programs = chosen_programs(made, progs);
	options.form = form;
	if (!options.programs.empty() || form == program_form::native)
		made.object = bpf_object::open_file(file, options);
	return made;
}

void set_globals(object_set& objects, const arguments& with) {
	for (const auto& [name, value] : with.set)
		try {
			const auto [of, path] = objects.variable(name);
			object::global_by_path(of->object, path).set_text(value);
		} catch (const object_error& wrong) {
			throw object_error("'--set " + name + "=" + value + "': " + wrong.what());
		}
}

} // namespace sockops_run
