// SPDX-License-Identifier: MIT
// Several objects, and whose a name is.
#include <sockops/object/object_set.hpp>

#include <algorithm>
#include <cerrno>

#include <sockops/cgroup/cgroup_path.hpp>

#include "../cgroup/attach_flag_table.hpp"
#include "../kern/release_words.hpp"
#include "object_failure.hpp"
#include "object_files.hpp"

namespace sockops {

using namespace object;

namespace {

bool contains(const std::vector<std::string>& names, std::string_view one) {
	return std::find(names.begin(), names.end(), one) != names.end();
}

bool has_program(object_set::member& in, const std::string& name) {
	return contains(in.object.prog_names(), name);
}
bool has_map(object_set::member& in, const std::string& name) {
	return contains(in.object.map_names(), name);
}
bool has_variable(object_set::member& in, const std::string& path) {
	try {
		(void)in.object.global(path.substr(0, path.find_first_of(".[")));
		return true;
	} catch (const object_error&) {
		return false;
	}
}

/// Is `path` the cgroup `above`, or below it?
bool is_within(const std::string& path, const std::string& above) {
	return above == "/" || path == above || path.starts_with(above + "/");
}

std::size_t how_many(const object_set::member& of) {
	return of.progs.empty() ? of.object.prog_names().size() : of.progs.size();
}

/// One program a socket was all that there was at first: what needs more needs BPF_F_ALLOW_MULTI.
void refuse_several(const std::deque<object_set::member>& members) {
	for (const object_set::member& each : members) {
		const kernel_release kernel = each.object.kernel();
		const detail::attach_flag_row* const row =
			detail::too_young_attach_flag(attach_flags::allow_multi, kernel);
		std::size_t programs = 0; // of a socket in this one's cgroup
		for (const object_set::member& other : members)
			programs += is_within(each.cgroup, other.cgroup) ? how_many(other) : 0;
		if (row && programs > 1)
			fail_object(EPERM,
						std::to_string(programs) + " programs for the sockets of " + each.cgroup + " need " +
							std::string(row->name) + ", which is there since Linux " +
							detail::release_in_words(row->since) + "; --kernel asks for " +
							detail::release_in_words(kernel) +
							": attach one (object_set::member::progs, sockops-run --prog), or ask for " +
							detail::release_in_words(row->since) + " or later");
	}
}

} // namespace

bool object_set::is_path(std::string_view path) noexcept { return is_cgroup_path(path); }

object_set::member& object_set::add(bpf_object object, std::string cgroup, std::string name) {
	if (!is_path(cgroup))
		fail_object(EINVAL, "'" + cgroup + "' is no cgroup: it is a path from the root, as / or /web/api");
	if (name.find(':') != name.npos)
		fail_object(EINVAL, "an object cannot be called '" + name +
								"': a ':' stands between its name and that of a map or program");
	const auto taken = [&](const std::string& one) {
		return std::any_of(members_.begin(), members_.end(),
						   [&](const member& each) { return each.name == one; });
	};
	if (!name.empty() && taken(name))
		fail_object(EEXIST, "two objects are called '" + name + "'");
	if (name.empty()) {
		const std::string first = stem_of(object.name());
		name = first;
		for (unsigned number = 2; taken(name); ++number)
			name = first + "#" + std::to_string(number);
	}
	return members_.emplace_back(member{std::move(name), std::move(cgroup), std::move(object)});
}

void object_set::load() {
	for (member& each : members_)
		each.object.load();
}

std::vector<bpf_link> object_set::attach(const member& of, const std::vector<std::string>& progs,
										 cgroup& to) {
	std::vector<bpf_link> links;
	for (const std::string& name : progs.empty() ? of.object.prog_names() : progs) {
		attach_error why;
		links.emplace_back(to, of.object.prog(name), bpf_attach_opts{}, &why);
		if (!links.back())
			fail_object(-why.code(), name + " of " + of.object.name() + " cannot be attached to " +
										 to.path() + ": " + why.message());
	}
	return links;
}

std::vector<bpf_link> object_set::attach(const cgroup_root& root) const {
	refuse_several(members_);
	std::vector<bpf_link> all;
	for (const member& each : members_)
		for (bpf_link& link : attach(each, each.progs, root.make(each.cgroup)))
			all.push_back(std::move(link));
	return all;
}

object_set::member& object_set::operator[](std::string_view name) {
	std::string known;
	for (member& each : members_) {
		if (each.name == name || (name.empty() && members_.size() == 1))
			return each;
		known += (known.empty() ? "" : ", ") + each.name;
	}
	fail_object(ENOENT, name.empty() ? "which object? There are " + known
									 : "no object '" + std::string(name) + "': there are " + known);
}

object_set::found object_set::find(std::string_view name, const char* what, question has) {
	const std::size_t colon = name.find(':');
	if (colon != name.npos)
		return {&(*this)[name.substr(0, colon)], std::string(name.substr(colon + 1))};
	const std::string its_name(name);
	if (members_.size() == 1)
		return {&members_.front(), its_name};
	std::vector<member*> those;
	std::string all, choices;
	for (member& each : members_) {
		all += (all.empty() ? "" : ", ") + each.name;
		if (!has(each, its_name))
			continue;
		choices += (those.empty() ? "'" : " or '") + each.name + ":" + its_name + "'";
		those.push_back(&each);
	}
	const std::string it = std::string(what) + " '" + its_name + "'";
	if (those.empty())
		fail_object(ENOENT, "no object has a " + it + ": there are " + all);
	if (those.size() > 1)
		fail_object(EINVAL, "several objects have a " + it + ": say " + choices);
	return {those.front(), its_name};
}

object_set::found object_set::program(std::string_view name) {
	return find(name, "sock_ops program", has_program);
}
object_set::found object_set::map(std::string_view name) { return find(name, "map", has_map); }
object_set::found object_set::variable(std::string_view name) { return find(name, "variable", has_variable); }

std::string object_set::shortest(const member& of, const std::string& name, question has) {
	const auto other_has = [&](member& each) { return &each != &of && has(each, name); };
	const bool is_clear = std::none_of(members_.begin(), members_.end(), other_has);
	return is_clear ? name : of.name + ":" + name;
}

std::string object_set::name_of_map(const member& of, const std::string& name) {
	return shortest(of, name, has_map);
}
std::string object_set::name_of_variable(const member& of, const std::string& path) {
	return shortest(of, path, has_variable);
}
std::string object_set::name_of_program(const member& of, const std::string& name) {
	return shortest(of, name, has_program);
}

std::string object_set::name_of(const bpf_prog& program) {
	for (member& each : members_)
		for (const std::string& name : each.object.prog_names())
			if (each.object.prog(name).get() == &program)
				return name_of_program(each, name);
	return program.name ? program.name : "?";
}

} // namespace sockops
