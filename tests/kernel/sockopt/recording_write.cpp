// SPDX-License-Identifier: MIT
#include <cstdio>
#include <fstream>

#include "recording.hpp"

namespace sockopt_diff {

namespace {

constexpr const char* shapes[] = {"listens", "connects", "accepts"};
constexpr const char* families[] = {"v4", "v6", "v6only"};

/// Hexadecimal; zeros at the end are left out. "=" for bytes that are as they were before a get.
std::string packed(const bytes& all, bool untouched) {
	if (untouched)
		return "=";
	std::size_t size = all.size();
	while (size != 0 && all[size - 1] == 0)
		--size;
	std::string text = size == 0 ? "0" : "";
	for (std::size_t at = 0; at != size; ++at) {
		char byte[3];
		std::snprintf(byte, sizeof byte, "%02x", all[at]);
		text += byte;
	}
	return text;
}

void write_step(std::ofstream& to, const step& what) {
	const bytes& value = what.get ? what.after : what.optval;
	to << '"'
	   << (what.given ? "given"
		   : what.get ? "get"
					  : "set")
	   << ' ' << what.level << ' ' << what.optname << ' ' << what.optval.size() << ' '
	   << packed(value, what.get && what.after == what.optval) << ' ' << what.result << '"';
}

template <class List, class Each>
void write_list(std::ofstream& to, const char* between, const List& list, Each each) {
	const char* before = "";
	for (const auto& one : list) {
		to << before;
		each(one);
		before = between;
	}
}

void write_where(std::ofstream& to, const surroundings& where) {
	to << "\"where\": {\"hz\": " << where.hz << ", \"wmem_max\": " << where.wmem_max
	   << ", \"rmem_max\": " << where.rmem_max << ", \"tcp_wmem\": [";
	write_list(to, ", ", where.wmem, [&](int one) { to << one; });
	to << "], \"tcp_rmem\": [";
	write_list(to, ", ", where.rmem, [&](int one) { to << one; });
	to << "], \"congestion_control\": \"" << where.congestion_control << "\", \"congestion_controls\": [";
	write_list(to, ", ", where.congestion_controls, [&](const std::string& one) { to << '"' << one << '"'; });
	to << "]},\n";
}

void write_scene(std::ofstream& to, const scene& what) {
	to << "{\"name\": \"" << what.name << "\", \"shape\": \"" << shapes[static_cast<int>(what.what)]
	   << "\", \"family\": \"" << families[static_cast<int>(what.on)] << "\", \"reserve\": " << what.reserve
	   << ", \"acts\": [\n";
	write_list(to, ",\n", what.acts, [&](const act& one) {
		to << " {\"op\": " << one.op << ", \"new_state\": " << one.new_state
		   << ", \"fired\": " << (one.done ? "true" : "false") << ", \"steps\": [";
		write_list(to, ",", one.steps, [&](const step& each) { write_step(to, each); });
		to << "]}";
	});
	to << "]}";
}

} // namespace

bool write_recording(const std::string& path, const recording& what) {
	std::ofstream to(path);
	to << "{\"format\": \"sockopt answers 1\", \"recorded_on\": \"" << what.recorded_on << "\",\n";
	write_where(to, what.where);
	to << "\"scenes\": [\n";
	write_list(to, ",\n", what.scenes, [&](const scene& one) { write_scene(to, one); });
	to << "\n]}\n";
	to.close();
	return !to.fail();
}

} // namespace sockopt_diff
