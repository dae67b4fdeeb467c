// SPDX-License-Identifier: MIT
#include "map_watch.hpp"

#include <algorithm>
#include <utility>

#include <sockops/map/perf_event_array.hpp>
#include <sockops/map/sock_map.hpp>
#include <sockops/sync/processor_id.hpp>

#include "../../object/value_path.hpp"
#include "../command/words.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::tools;

namespace {

constexpr std::size_t perf_buffer_bytes = 1 << 16;

bool has_records(const map_view& view) { return view.map().holds() == map_holds::records; }

bool is_readable(const map_view& view) { return (view.map().attr.map_flags & BPF_F_WRONLY) == 0; }
/// Can its keys be walked and its values be read?
bool can_be_walked(const map_view& view) {
	const map_holds what = view.map().holds();
	return (what == map_holds::values || what == map_holds::percpu_values) && is_readable(view);
}
/// Can the value that is next be read?
bool can_be_peeked(const map_view& view) {
	return view.map().holds() == map_holds::queued_values && is_readable(view);
}

bool holds_sockets(const map_view& view) { return view.map().holds() == map_holds::sockets; }
bool holds_values_of_sockets(const map_view& view) { return view.map().holds() == map_holds::socket_values; }

/// This thread's, as all programs run on it.
void open_perf_buffer(const map_view& view) {
	auto& map = static_cast<perf_event_array_map&>(view.map());
	if (map.open(smp_processor_id(), perf_buffer_bytes) != 0)
		throw object_error("map '" + view.name() + "': no buffer of " + std::to_string(perf_buffer_bytes) +
						   " bytes could be opened for CPU " + std::to_string(smp_processor_id()) +
						   " of its " + std::to_string(map.attr.max_entries));
}

} // namespace

std::string map_watch::written(const typed_value& value) const {
	return as_json_ ? value.json() : value.text();
}

std::string map_watch::word(const char* key) const {
	return as_json_ ? std::string("\"").append(key).append("\"") : key;
}

map_watch::entry map_watch::written_entry(std::string key, const typed_value& value) const {
	return {std::move(key), written(value),
			std::ranges::all_of(value.bytes(), [](std::byte each) { return each == std::byte{0}; })};
}

/// By key. Of sockets those that are there still.
std::vector<map_watch::entry> map_watch::entries_of(const watched_map& of) const {
	std::map<std::string, entry, key_order> all;
	const auto add = [&](entry each) { all.insert_or_assign(each.key, std::move(each)); };
	if (can_be_walked(of.view))
		for (const auto& [key, value] : of.view.entries())
			add(written_entry(written(key), value));
	if (can_be_peeked(of.view))
		if (const std::optional<typed_value> value = of.view.find({}))
			add(written_entry(word("next"), *value));
	if (holds_sockets(of.view))
		for (const auto& [key, sk] : of.view.sockets())
			if (const auto name = of.sockets.find(written(key)); name != of.sockets.end())
				add({name->first, name->second});
	std::vector<entry> entries;
	for (auto& [key, each] : all)
		entries.push_back(std::move(each));
	for (const auto& [sk, value] : of.of_sockets)
		entries.push_back({word("socket"), value});
	return entries;
}

/// What was deleted first, then the rest, both in the order of keys.
void map_watch::add_changes(watched_map& of, std::vector<map_change>& into) const {
	changes_by_key deleted, others;
	const auto text = [&](const std::optional<element_watch::bytes>& value) {
		return value ? std::optional(written(of.view.as_value(*value))) : std::nullopt;
	};
	for (element_watch::change& each : of.elements->changes()) {
		std::string key = each.key.empty() ? word("next") : written(of.view.as_key(std::move(each.key)));
		map_change made{of.view.name(), key, text(each.before), text(each.after)};
		if (made.before != made.after) // padding may differ
			(each.after ? others : deleted).emplace(std::move(key), std::move(made));
	}
	for (changes_by_key* const some : {&deleted, &others})
		for (auto& [key, change] : *some)
			into.push_back(std::move(change));
}

u64 map_watch::bytes_copied() const noexcept {
	u64 all = 0;
	for (const watched_map& each : maps_)
		all += each.elements ? each.elements->bytes_copied() : 0;
	return all;
}

map_watch::map_watch(bpf_object& object, const arguments& with, const std::vector<std::string>& maps)
	: as_json_(with.json) {
	std::vector<std::string> as_bytes;
	for (const std::string& name : maps)
		add(object.map(name), with, as_bytes);
	if (!as_bytes.empty())
		notices_.push_back(
			in_a_row({as_bytes.size() == 1 ? "map '" : "maps '", with_between(as_bytes, "', '"),
					  "': records are shown as bytes; --records '", as_bytes.front(),
					  "=struct NAME' gives their members names"}));
	for (const auto& [map, type] : with.records)
		if (!has_records(object.map(map)))
			throw object_error("'--records " + map + "=" + type + "': the map is a " +
							   bpf_map_type_name(object.map(map).map().attr.map_type) +
							   ", and records are in a RINGBUF or a PERF_EVENT_ARRAY");
	for (const std::string& name : with.watch) {
		const typed_value value = object::global_by_path(object, name);
		globals_.push_back({name, value, written(value), true});
	}
	const auto is_watched = [&](const std::string& name) {
		return std::ranges::count(with.watch, name) != 0;
	};
	if (with.maps)
		for (const std::string& name : object.global_names())
			if (!is_watched(name) && !name.ends_with(".____fmt")) // of bpf_printk()
				globals_.push_back({name, object.global(name), {}, false});
}

/// `as_bytes`: maps whose records have no type.
void map_watch::add(map_view view, const arguments& with, std::vector<std::string>& as_bytes) {
	if (has_records(view)) {
		const auto named = std::find_if(with.records.begin(), with.records.end(),
										[&](const named_value& each) { return each.first == view.name(); });
		const std::string type = named == with.records.end() ? "" : named->second;
		if (view.map().attr.map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			open_perf_buffer(view);
		(void)view.records(type); // none yet; a type that is not there is told now
		if (type.empty())
			as_bytes.push_back(view.name());
		records_.push_back({std::move(view), type});
		return;
	}
	auto elements =
		can_be_walked(view) || can_be_peeked(view) ? std::make_unique<element_watch>(view.map()) : nullptr;
	maps_.push_back({std::move(view), std::move(elements)});
}

std::vector<map_change> map_watch::changes(sock* sk, const socket_names& names) {
	std::vector<map_change> all;
	for (watched_map& each : maps_) {
		if (each.elements)
			add_changes(each, all);
		else if (holds_sockets(each.view))
			compare_sockets(each, names, all);
		else if (sk && holds_values_of_sockets(each.view))
			compare_storage(each, *sk, all);
	}
	for (watched_global& each : globals_) {
		if (!each.is_watched)
			continue;
		std::string now = written(each.value);
		if (now != each.last)
			all.push_back({each.name, "", each.last, now});
		each.last = std::move(now);
	}
	return all;
}

/// They come in calls, and go in calls and when they are closed.
void map_watch::compare_sockets(watched_map& of, const socket_names& names,
								std::vector<map_change>& into) const {
	const u64 changed = sock_map_changes(of.view.map());
	if (changed == std::exchange(of.socket_changes, changed))
		return;
	values now;
	for (const auto& [key, sk] : of.view.sockets()) {
		std::string name = names.of(*sk);
		if (as_json_)
			name.insert(0, 1, '"') += '"';
		now.emplace(written(key), std::move(name));
	}
	for (const auto& [key, name] : of.sockets)
		if (!now.contains(key))
			into.push_back({of.view.name(), key, name, std::nullopt});
	for (const auto& [key, name] : now) {
		const auto old = of.sockets.find(key);
		if (old == of.sockets.end())
			into.push_back({of.view.name(), key, std::nullopt, name});
		else if (old->second != name)
			into.push_back({of.view.name(), key, old->second, name});
	}
	of.sockets = std::move(now);
}

void map_watch::compare_storage(watched_map& of, sock& sk, std::vector<map_change>& into) const {
	const std::optional<typed_value> value = of.view.of_socket(sk);
	const auto old = of.of_sockets.find(&sk);
	const bool was_there = old != of.of_sockets.end();
	if (!value && !was_there)
		return;
	std::optional<std::string> before, after;
	if (was_there)
		before = old->second;
	if (value)
		after = written(*value);
	if (before != after)
		into.push_back({of.view.name(), word("socket"), before, after});
	if (after)
		of.of_sockets[&sk] = *after;
	else
		of.of_sockets.erase(&sk);
}

void map_watch::forget(const sock_common& sk) {
	for (watched_map& each : maps_)
		each.of_sockets.erase(&sk);
}

std::vector<map_record> map_watch::records() {
	std::vector<map_record> all;
	for (const watched_records& each : records_)
		for (const typed_value& record : each.view.records(each.type))
			all.push_back({each.view.name(), written(record), record});
	return all;
}

std::vector<map_watch::contents> map_watch::all_contents() const {
	std::vector<contents> all;
	for (const watched_map& each : maps_) {
		all.push_back({each.view.name(), bpf_map_type_name(each.view.map().attr.map_type),
					   can_be_walked(each.view) || can_be_peeked(each.view) || holds_sockets(each.view) ||
						   holds_values_of_sockets(each.view),
					   entries_of(each)});
	}
	for (const watched_global& each : globals_)
		all.push_back({each.name, std::string(global_variable), true, {written_entry("", each.value)}});
	return all;
}

} // namespace sockops_run
