// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <jansson.h>

#include "recording.hpp"

namespace kernel_diff {

namespace {

/// What is wrong with a file.
struct bad_file : std::runtime_error {
	using std::runtime_error::runtime_error;
};

/// json_unpack_ex(), with an exception for what does not fit. All keys must be known.
template <class... Into>
void unpack(json_t* json, const char* format, Into... into) {
	json_error_t error;
	if (json_unpack_ex(json, &error, JSON_STRICT, format, into...) != 0) {
		char* const text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
		const std::string words = print("%s: %.400s", error.text, text);
		std::free(text);
		throw bad_file(words);
	}
}

int read_handle(json_t* json) {
	if (!json)
		return handle::none;
	if (json_is_integer(json))
		return static_cast<int>(json_integer_value(json));
	const std::string word = json_is_string(json) ? json_string_value(json) : "";
	if (word == "closed")
		return handle::closed;
	if (word == "other_object")
		return handle::other_object;
	if (word == "other_type")
		return handle::other_type;
	throw bad_file("not a handle: " + word);
}

op_kind read_kind(const std::string& name) {
	for (int kind = 0; kind != op_kinds; ++kind)
		if (name == op_name(static_cast<op_kind>(kind)))
			return static_cast<op_kind>(kind);
	throw bad_file("not an operation: " + name);
}

int read_error(const std::string& name) {
	if (name == "ok")
		return 0;
	for (int error = 1; error != 134; ++error)
		if (const char* known = ::strerrorname_np(error); known && name == known)
			return -error;
	throw bad_file("not an errno: " + name);
}

template <class Number>
std::vector<Number> read_list(json_t* json) {
	std::vector<Number> numbers;
	for (std::size_t at = 0; at != json_array_size(json); ++at)
		numbers.push_back(static_cast<Number>(json_integer_value(json_array_get(json, at))));
	return numbers;
}

operation read_operation(json_t* json) {
	const char* name = "";
	operation op;
	json_t *cgroup = nullptr, *prog = nullptr, *replace = nullptr, *old_prog = nullptr, *beside = nullptr;
	json_int_t flags = 0, query_flags = 0, revision = 0, capacity = 0;
	int with_flags = 0, without_ids = 0;
	unpack(json, "{s:s, s?o, s?i, s?i, s?i, s?o, s?I, s?I, s?o, s?o, s?o, s?I, s?I, s?b, s?b}", "op", &name,
		   "cgroup", &cgroup, "parent", &op.parent, "link", &op.link, "socket", &op.socket, "prog", &prog,
		   "flags", &flags, "query_flags", &query_flags, "replace", &replace, "old_prog", &old_prog, "beside",
		   &beside, "expected_revision", &revision, "capacity", &capacity, "with_attach_flags", &with_flags,
		   "without_ids", &without_ids);
	op.kind = read_kind(name);
	op.cgroup = cgroup ? read_handle(cgroup) : 0;
	op.prog = read_handle(prog);
	op.replace = read_handle(replace ? replace : old_prog);
	op.flags = static_cast<std::uint32_t>(flags | query_flags);
	op.revision = static_cast<std::uint64_t>(revision);
	op.capacity = static_cast<std::uint32_t>(capacity);
	op.want_flags = with_flags;
	op.want_ids = !without_ids;
	if (beside) {
		json_t* anchor = nullptr;
		unpack(beside, "{s?o, s?i}", "prog", &anchor, "link", &op.anchor_link);
		op.anchor_prog = read_handle(anchor);
	}
	return op;
}

query_result read_found(json_t* json) {
	query_result found;
	if (!json)
		return found;
	json_int_t revision = 0;
	json_t *progs = nullptr, *flags = nullptr;
	unpack(json, "{s:i, s:i, s:I, s:o, s?o}", "count", &found.count, "attach_flags", &found.attach_flags,
		   "revision", &revision, "progs", &progs, "prog_attach_flags", &flags);
	found.revision = static_cast<std::uint64_t>(revision);
	found.progs = read_list<int>(progs);
	found.prog_attach_flags = read_list<std::uint32_t>(flags);
	return found;
}

void read_part(json_t* json, cgroup_state& cgroup) {
	int removed = 0;
	json_int_t revision = 0;
	json_t *list = nullptr, *effective = nullptr;
	cgroup = {};
	unpack(json, "{s?b, s?i, s?I, s?o, s?o}", "removed", &removed, "mode", &cgroup.mode, "revision",
		   &revision, "list", &list, "effective", &effective);
	cgroup.error = removed ? read_error("ENOENT") : 0;
	cgroup.revision = static_cast<std::uint64_t>(revision);
	cgroup.list = read_list<int>(list);
	cgroup.effective = read_list<int>(effective);
}
void read_part(json_t* json, link_state& link) {
	link = {};
	unpack(json, "{s:i, s?i}", "prog", &link.prog, "cgroup", &link.cgroup);
}
void read_part(json_t* json, std::vector<int>& ran) { ran = read_list<int>(json); }

template <class Part>
void read_changes(json_t* json, Part& part) {
	const char* key;
	json_t* value;
	json_object_foreach(json, key, value) read_part(value, part[std::atoi(key)]);
}

recorded_step read_step(json_t* json, const world_state& before) {
	json_t *todo = nullptr, *found = nullptr, *now = nullptr;
	const char* got = "";
	unpack(json, "{s:o, s:s, s?o, s?o}", "do", &todo, "answer", &got, "found", &found, "now", &now);
	recorded_step step{read_operation(todo), {read_error(got), false, read_found(found)}, before};
	if (!step.got.error && step.op.kind == op_kind::link_close)
		step.now.links.erase(step.op.link);
	if (!step.got.error && step.op.kind == op_kind::socket_close)
		step.now.sockets.erase(step.op.socket);
	json_t *cgroups = nullptr, *links = nullptr, *sockets = nullptr;
	if (now)
		unpack(now, "{s?o, s?o, s?o}", "cgroups", &cgroups, "links", &links, "sockets", &sockets);
	read_changes(cgroups, step.now.cgroups);
	read_changes(links, step.now.links);
	read_changes(sockets, step.now.sockets);
	return step;
}

recorded_tree read_tree(json_t* json) {
	recorded_tree tree;
	const char* name = "";
	json_t *steps = nullptr, *cases = nullptr;
	unpack(json, "{s:s, s:o, s:o}", "name", &name, "steps", &steps, "cases", &cases);
	tree.name = name;
	for (std::size_t at = 0; at != json_array_size(steps); ++at)
		tree.steps.push_back(read_step(json_array_get(steps, at), tree.start()));
	const world_state start = tree.start();
	for (std::size_t at = 0; at != json_array_size(cases); ++at)
		tree.cases.push_back(read_step(json_array_get(cases, at), start));
	return tree;
}

} // namespace

std::vector<recorded_tree> read_recording(const std::string& path, std::string& error) {
	json_error_t where;
	const std::unique_ptr<json_t, decltype(&json_decref)> json(
		json_load_file(path.c_str(), JSON_REJECT_DUPLICATES, &where), json_decref);
	std::vector<recorded_tree> trees;
	if (!json) {
		error = print("%s:%d: %s", path.c_str(), where.line, where.text);
		return trees;
	}
	try {
		const char *format = "", *type = "", *recorded_on = "";
		json_t* list = nullptr;
		unpack(json.get(), "{s:s, s:s, s:s, s:o}", "format", &format, "attach_type", &type, "recorded_on",
			   &recorded_on, "trees", &list);
		if (std::string(format) != "cgroup attach answers 1")
			throw bad_file(print("unknown format \"%s\"", format));
		for (std::size_t at = 0; at != json_array_size(list); ++at)
			trees.push_back(read_tree(json_array_get(list, at)));
	} catch (const bad_file& wrong) {
		error = path + ": " + wrong.what();
	}
	return trees;
}

} // namespace kernel_diff
