// SPDX-License-Identifier: MIT
#include "kernel_way.hpp"

#include <algorithm>
#include <cstring>

#include <sockops/map/ring_buffer.hpp>
#include <sockops/object/bpf_object.hpp>

#include "kernel_program.hpp"

namespace three_ways {

namespace {

using sockops::testing::side;

void add_calls(outcome& to, const timeline& what, const traces::trace& seen) {
	for (std::size_t event = 0; event != seen.size(); ++event)
		for (const side who : {side::client, side::server}) {
			std::string text;
			for (const traces::call& call : who == side::client ? seen[event].client : seen[event].server)
				text.append(text.empty() ? "" : " ").append(traces::text_of(call));
			to.emplace(name_of_calls(what, event, who), text);
		}
}

void pour_entries(sockops::bpf_map& map, const std::vector<std::pair<bytes, bytes>>& entries) {
	for (const auto& [key, value] : entries) {
		bytes all = value; // PERCPU: that of the first CPU, which entries() shows
		all.resize(map.sys_value_size());
		map.sys_update_elem(key.data(), all.data(), sockops::BPF_ANY);
	}
}

void pour_records(sockops::bpf_map& map, const std::vector<bytes>& records) {
	for (const bytes& each : records)
		if (map.attr.map_type == sockops::BPF_MAP_TYPE_RINGBUF)
			static_cast<sockops::ring_buffer_map&>(map).output(each.data(), each.size(), 0);
		else
			static_cast<sockops::perf_event_array_map&>(map).output(sockops::perf_index_mask, each.data(),
																	each.size());
}

/// A variable that the program may have written is not const, though its bytes are not to be had otherwise.
void pour_variable(const sockops::typed_value& into, const bytes& value) {
	std::memcpy(const_cast<std::byte*>(into.bytes().data()), value.data(),
				std::min(value.size(), into.bytes().size()));
}

/// The kernel's bytes go into an object here that nobody runs: its types say what they are.
outcome outcome_of_kernel(const program_case& of, const kernel_state& from) {
	sockops::bpf_object twin = sockops::bpf_object::load_file(of.path());
	open_buffers(twin, of);
	for (const auto& [name, entries] : from.entries)
		pour_entries(twin.map(name).map(), entries);
	for (const auto& [name, records] : from.records)
		pour_records(twin.map(name).map(), records);
	for (const std::string& each : of.globals)
		pour_variable(twin.global(each), from.variables.at(each));
	outcome all = outcome_of(twin, of);
	empty_program_arrays(twin);
	return all;
}

} // namespace

kernel_run play_in_kernel(traces::kernel_runner& runner, const program_case& of, const timeline& what) {
	kernel_run result;
	kernel_program program(of.path());
	if (result.error = program.error(); !result.error.empty())
		return result;
	kernel_state state;
	const auto count_sockets = [&](std::size_t event) {
		for (const std::string& each : of.socket_maps)
			result.left.emplace(name_of_sockets(each, what.events[event]),
								std::to_string(program.sockets_in(each)));
	};
	const traces::companion with = {.begin = [&](int cgroup) { return program.attach(of.entries(), cgroup); },
									.before = count_sockets,
									.end = [&] { return program.read(state); }};
	const traces::played played = runner.play(what, with);
	if (result.error = played.error; !result.error.empty())
		return result;
	result.left.merge(outcome_of_kernel(of, state));
	add_calls(result.left, what, played.seen);
	return result;
}

} // namespace three_ways
