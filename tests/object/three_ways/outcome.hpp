// SPDX-License-Identifier: MIT
// What a program has left behind after a timeline, as lines that can be compared.
#pragma once

#include <map>
#include <string>

#include <sockops/map/perf_event_array.hpp>
#include <sockops/map/prog_array.hpp>
#include <sockops/object/map_view.hpp>
#include <sockops/object/typed_value.hpp>

#include "program_cases.hpp"

namespace three_ways {

/// A name for each thing that is compared, and what it is: "closed[20816]" and "{closed = 1, …}".
using outcome = std::map<std::string, std::string>;

/// Adds the entries of a map of values; nothing for the other kinds of maps.
void add_map(outcome& to, const sockops::map_view& map);
/// Adds the records, each side's in order: those with the same local_port are of one side.
void add_records(outcome& to, const sockops::map_view& map, const std::string& type);

/// Of a bpf_object or a native_object, after the run.
template <class Object>
outcome outcome_of(Object& object, const program_case& of) {
	outcome all;
	for (const std::string& each : object.map_names())
		add_map(all, object.map(each));
	for (const std::string& each : of.globals)
		all.emplace(each, object.global(each).text());
	if (!of.record_map.empty())
		add_records(all, object.map(of.record_map), of.record_type);
	return all;
}

/// So that records are kept: perf buffers are opened by whoever reads them. For as many threads as run here.
template <class Object>
void open_buffers(Object& object, const program_case& of) {
	constexpr std::size_t room = 1 << 16;
	constexpr sockops::u32 threads = 16;
	if (of.record_map.empty())
		return;
	sockops::bpf_map& map = object.map(of.record_map).map();
	if (map.attr.map_type == sockops::BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		for (sockops::u32 cpu = 0; cpu != threads; ++cpu)
			static_cast<sockops::perf_event_array_map&>(map).open(cpu, room);
}

/// Empties arrays of programs, as a kernel does when the last descriptor of one is closed: a program that can
/// call itself by way of one would hold it, and it the program, for ever.
template <class Object>
void empty_program_arrays(Object& object) {
	for (const std::string& each : object.map_names()) {
		sockops::bpf_map& map = object.map(each).map();
		if (map.attr.map_type == sockops::BPF_MAP_TYPE_PROG_ARRAY)
			static_cast<sockops::prog_array_map&>(map).clear();
	}
}

/// How many lines are compared, and how many of them differ.
struct compared {
	unsigned cases = 0, mismatches = 0;

	compared& operator+=(const compared& more) noexcept {
		cases += more.cases;
		mismatches += more.mismatches;
		return *this;
	}
};
/// Prints what differs, where the program's case does not mask it. `where`: "tune, plain, IPv4".
compared compare(const program_case& of, const std::string& where, const char* one, const outcome& of_one,
				 const char* other, const outcome& of_other);

} // namespace three_ways
