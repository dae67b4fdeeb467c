// SPDX-License-Identifier: MIT
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jansson.h>

#include "recording.hpp"

namespace kernel_diff {

namespace {

// Each function returns a new reference, or NULL for what the file leaves out.

json_t* number_if(bool wanted, std::uint64_t number) {
	return wanted ? json_integer(static_cast<json_int_t>(number)) : nullptr;
}

json_t* handle_json(int number) {
	switch (number) {
	case handle::none:
		return nullptr;
	case handle::closed:
		return json_string("closed");
	case handle::other_object:
		return json_string("other_object");
	case handle::other_type:
		return json_string("other_type");
	default:
		return json_integer(number);
	}
}

json_t* beside_json(const operation& op) {
	if (op.anchor_link >= 0)
		return json_pack("{s:i}", "link", op.anchor_link);
	return op.anchor_prog == handle::none ? nullptr : json_pack("{s:o}", "prog", handle_json(op.anchor_prog));
}

template <class Number>
json_t* list_json(const std::vector<Number>& numbers) {
	json_t* const list = json_array();
	for (const Number number : numbers)
		json_array_append_new(list, json_integer(number));
	return list;
}

const char* error_json(int error) { return error ? ::strerrorname_np(-error) : "ok"; }

json_t* operation_json(const operation& op) {
	const auto has = [&](recorded_key key) { return has_key(op.kind, key); };
	using enum recorded_key;
	return json_pack(
		"{s:s, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*}", "op",
		op_name(op.kind), "cgroup", has(cgroup) ? handle_json(op.cgroup) : nullptr, "parent",
		number_if(has(parent), static_cast<unsigned>(op.parent)), "link",
		number_if(has(link), static_cast<unsigned>(op.link)), "socket",
		number_if(has(socket), static_cast<unsigned>(op.socket)), "prog",
		has(prog) ? handle_json(op.prog) : nullptr, "flags", number_if(has(flags) && op.flags, op.flags),
		"query_flags", number_if(has(query_flags) && op.flags, op.flags), "replace",
		has(replace) ? handle_json(op.replace) : nullptr, "old_prog",
		has(old_prog) ? handle_json(op.replace) : nullptr, "beside", has(beside) ? beside_json(op) : nullptr,
		"expected_revision", number_if(has(expected_revision) && op.revision, op.revision), "capacity",
		number_if(has(capacity), op.capacity), "with_attach_flags",
		has(with_attach_flags) && op.want_flags ? json_true() : nullptr, "without_ids",
		has(without_ids) && !op.want_ids ? json_true() : nullptr);
}

json_t* found_json(const operation& op, const answer& got) {
	if (op.kind != op_kind::query || (got.error && got.found == query_result{}))
		return nullptr;
	const query_result& found = got.found;
	return json_pack("{s:i, s:i, s:I, s:o, s:o*}", "count", found.count, "attach_flags", found.attach_flags,
					 "revision", static_cast<json_int_t>(found.revision), "progs", list_json(found.progs),
					 "prog_attach_flags", op.want_flags ? list_json(found.prog_attach_flags) : nullptr);
}

json_t* part_json(const cgroup_state& cgroup) {
	if (cgroup.error)
		return json_pack("{s:b}", "removed", 1);
	return json_pack("{s:i, s:I, s:o, s:o}", "mode", cgroup.mode, "revision",
					 static_cast<json_int_t>(cgroup.revision), "list", list_json(cgroup.list), "effective",
					 list_json(cgroup.effective));
}
json_t* part_json(const link_state& link) {
	return json_pack("{s:i, s:o*}", "prog", link.prog, "cgroup",
					 number_if(link.cgroup >= 0, static_cast<unsigned>(link.cgroup)));
}
json_t* part_json(const std::vector<int>& ran) { return list_json(ran); }

/// What of a part is not as it was before.
template <class Part>
json_t* changed_json(const Part& before, const Part& now) {
	json_t* const changed = json_object();
	for (const auto& [number, each] : now) {
		const auto old = before.find(number);
		if (old == before.end() || !(old->second == each))
			json_object_set_new(changed, print("%d", number).c_str(), part_json(each));
	}
	if (json_object_size(changed))
		return changed;
	json_decref(changed);
	return nullptr;
}

json_t* step_json(const world_state& before, const recorded_step& step) {
	json_t* now = json_pack("{s:o*, s:o*, s:o*}", "cgroups", changed_json(before.cgroups, step.now.cgroups),
							"links", changed_json(before.links, step.now.links), "sockets",
							changed_json(before.sockets, step.now.sockets));
	if (!json_object_size(now)) {
		json_decref(now);
		now = nullptr;
	}
	return json_pack("{s:o, s:s, s:o*, s:o*}", "do", operation_json(step.op), "answer",
					 error_json(step.got.error), "found", found_json(step.op, step.got), "now", now);
}

/// One line for each, so that a person can read it and a comparison of versions shows what changed.
void write_line(std::FILE* file, const world_state& before, const recorded_step& step, bool last) {
	json_t* const json = step_json(before, step);
	char* const text = json_dumps(json, JSON_PRESERVE_ORDER | JSON_COMPACT);
	std::fprintf(file, "%s%s\n", text, last ? "" : ",");
	std::free(text);
	json_decref(json);
}

void write_steps(std::FILE* file, const std::vector<recorded_step>& steps) {
	world_state before = new_tree();
	for (const recorded_step& step : steps) {
		write_line(file, before, step, &step == &steps.back());
		before = step.now;
	}
}

void write_cases(std::FILE* file, const world_state& start, const std::vector<recorded_step>& cases) {
	for (const recorded_step& each : cases)
		write_line(file, start, each, &each == &cases.back());
}

} // namespace

bool write_recording(const std::string& path, const std::string& recorded_on,
					 const std::vector<recorded_tree>& trees) {
	std::FILE* const file = std::fopen(path.c_str(), "w");
	if (!file)
		return false;
	std::fprintf(file,
				 "{\"format\":\"cgroup attach answers 1\",\n\"attach_type\":\"BPF_CGROUP_SOCK_OPS\",\n");
	std::fprintf(file, "\"recorded_on\":\"%s\",\n\"trees\":[\n", recorded_on.c_str());
	for (const recorded_tree& tree : trees) {
		std::fprintf(file, "{\"name\":\"%s\",\"steps\":[\n", tree.name.c_str());
		write_steps(file, tree.steps);
		std::fprintf(file, "],\"cases\":[\n");
		write_cases(file, tree.start(), tree.cases);
		std::fprintf(file, "]}%s\n", &tree == &trees.back() ? "" : ",");
	}
	std::fprintf(file, "]}\n");
	return std::fclose(file) == 0;
}

} // namespace kernel_diff
