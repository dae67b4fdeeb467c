// SPDX-License-Identifier: MIT
#include "records.hpp"

#include <algorithm>

#include <sockops/map/perf_event_array.hpp>
#include <sockops/sync/processor_id.hpp>

namespace sockops::testing::text {

namespace {

constexpr std::size_t perf_buffer_bytes = 1 << 16;

bool has_records(const map_view& view) { return view.map().holds() == map_holds::records; }

} // namespace

void open_perf_buffers(const bpf_object& object) {
	for (const std::string& name : object.map_names()) {
		bpf_map& map = object.map(name).map();
		if (map.attr.map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY &&
			static_cast<perf_event_array_map&>(map).open(smp_processor_id(), perf_buffer_bytes) != 0)
			throw object_error("map '" + name + "': no buffer for CPU " + std::to_string(smp_processor_id()) +
							   ": it has room for " + std::to_string(map.attr.max_entries));
	}
}

/// A map that several objects share by a pin is read once.
record_reader::record_reader(object_set& objects, const std::vector<timeline_assignment>& types) {
	std::vector<u32> there;
	for (const object_set::member& each : objects.members())
		for (const std::string& name : each.object.map_names()) {
			map_view view = each.object.map(name);
			if (!has_records(view) || std::ranges::find(there, view.map().id) != there.end())
				continue;
			there.push_back(view.map().id);
			all_.push_back({objects.name_of_map(each, name), std::move(view), {}});
		}
	for (const timeline_assignment& each : types) {
		const auto [of, name] = objects.map(each.name);
		const map_view view = of->object.map(name);
		if (!has_records(view))
			throw object_error("map '" + each.name + "' is a " + bpf_map_type_name(view.map().attr.map_type) +
							   ", and records are in a RINGBUF or a PERF_EVENT_ARRAY");
		for (source& one : all_)
			if (one.view.map().id == view.map().id) {
				one.view = view; // whose object has the type
				one.type = each.value;
				(void)one.view.records(one.type); // none yet; a type that is not there is told now
			}
	}
}

std::vector<text_record> record_reader::take() const {
	std::vector<text_record> taken;
	for (const source& each : all_)
		for (typed_value& record : each.view.records(each.type))
			taken.push_back({each.name, std::move(record)});
	return taken;
}

std::string record_reader::type_of(const map_view& of) const {
	for (const source& each : all_)
		if (each.view.map().id == of.map().id)
			return each.type;
	return {};
}

} // namespace sockops::testing::text
