// SPDX-License-Identifier: MIT
#include "outcome.hpp"

#include <algorithm>
#include <cstdio>

namespace three_ways {

namespace {

using sockops::bpf_map_type;
using sockops::map_view;
using sockops::typed_value;

bool has_values(const map_view& map) {
	switch (map.map().attr.map_type) {
	case sockops::BPF_MAP_TYPE_HASH:
	case sockops::BPF_MAP_TYPE_LRU_HASH:
	case sockops::BPF_MAP_TYPE_ARRAY:
	case sockops::BPF_MAP_TYPE_PERCPU_ARRAY:
		return true;
	default: // sockets and their values are gone with the timeline; records are taken elsewhere
		return false;
	}
}

/// Where the value that begins at `at` ends: before the next member or the end of the struct.
std::size_t end_of_value(const std::string& text, std::size_t at) {
	int depth = 0;
	for (; at != text.size(); ++at) {
		if (depth == 0 && (text[at] == ',' || text[at] == '}'))
			return at;
		depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
	}
	return at;
}

bool is_zero(const typed_value& value) {
	return std::all_of(value.bytes().begin(), value.bytes().end(),
					   [](std::byte each) { return each == std::byte{}; });
}

/// Most entries of an array that is indexed by op were never touched.
bool is_of_no_interest(const map_view& map, const typed_value& value) {
	const auto type = map.map().attr.map_type;
	return (type == sockops::BPF_MAP_TYPE_ARRAY || type == sockops::BPF_MAP_TYPE_PERCPU_ARRAY) &&
		   is_zero(value);
}

constexpr char left_out[] = "…";

void mask_member(std::string& text, const std::string& name) {
	const std::string member = name + " = ";
	for (std::size_t at = text.find(member); at != text.npos; at = text.find(member, at)) {
		const bool is_whole_name = at == 0 || text[at - 1] == '{' || text[at - 1] == ' ';
		at += member.size();
		if (is_whole_name)
			text.replace(at, end_of_value(text, at) - at, left_out);
	}
}

/// `at`: program, timeline, family, and the name of the line.
std::string masked(std::string text, const std::string& at, const program_case& of) {
	const std::string line = at + " = " + text;
	for (const mask& each : of.masks) {
		if (line.find(each.where) == line.npos)
			continue;
		if (each.member.empty())
			return left_out;
		mask_member(text, each.member);
	}
	return text;
}

} // namespace

void add_map(outcome& to, const map_view& map) {
	if (!has_values(map))
		return;
	for (const auto& [key, value] : map.entries())
		if (!is_of_no_interest(map, value))
			to.emplace(map.name() + "[" + key.text() + "]", value.text());
}

void add_records(outcome& to, const map_view& map, const std::string& type) {
	std::map<std::string, std::vector<std::string>> by_side;
	for (const typed_value& record : map.records(type))
		by_side[record["local_port"].text()].push_back(record.text());
	for (auto& [side, records] : by_side) {
		// Each CPU has a perf buffer of its own: in which order records of several came is not known.
		if (map.map().attr.map_type == sockops::BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			std::sort(records.begin(), records.end());
		for (std::size_t i = 0; i != records.size(); ++i)
			to.emplace(map.name() + " of port " + side + " #" + std::to_string(i + 1), records[i]);
	}
}

compared compare(const program_case& of, const std::string& where, const char* one, const outcome& of_one,
				 const char* other, const outcome& of_other) {
	compared result;
	outcome names = of_one;
	names.insert(of_other.begin(), of_other.end());
	const auto value_in = [](const outcome& from, const std::string& name) {
		const auto found = from.find(name);
		return found == from.end() ? std::string("nothing") : found->second;
	};
	for (const auto& [name, value] : names) {
		const std::string at = where + ": " + name;
		const std::string here = masked(value_in(of_one, name), at, of),
						  there = masked(value_in(of_other, name), at, of);
		if (here == left_out && there == left_out)
			continue;
		++result.cases;
		if (here == there)
			continue;
		++result.mismatches;
		std::printf("%s\n  %s: %s\n  %s: %s\n", at.c_str(), one, here.c_str(), other, there.c_str());
	}
	return result;
}

} // namespace three_ways
