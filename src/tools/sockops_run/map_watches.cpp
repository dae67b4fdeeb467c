// SPDX-License-Identifier: MIT
#include "map_watches.hpp"

#include <algorithm>
#include <iterator>

namespace sockops_run {

using namespace sockops;

namespace {

/// What the arguments say of one object.
arguments of_object(const arguments& with, object_set& objects, const object_set::member& one) {
	arguments mine = with;
	mine.watch.clear();
	mine.records.clear();
	for (const std::string& name : with.watch)
		if (const auto [of, path] = objects.variable(name); of == &one)
			mine.watch.push_back(path);
	for (const auto& [name, type] : with.records)
		if (const auto [of, map] = objects.map(name); of == &one)
			mine.records.emplace_back(map, type);
	return mine;
}

u32 id_of(const object_set::member& of, const std::string& map) { return of.object.map(map).map().id; }

/// A map, which several objects may have: pinned.
struct pinned_map {
	std::string name;                     ///< in the run: by the first object that has it
	const object_set::member* watched_in; ///< the object whose --records say what is in it, or the first
	std::string name_there;
};

/// By id. A map that is watched twice would tell each change twice, and its records to the first who asks.
std::map<u32, pinned_map> one_of_each(object_set& objects, const arguments& with) {
	std::map<u32, pinned_map> all;
	for (const object_set::member& each : objects.members())
		for (const std::string& map : each.object.map_names())
			all.try_emplace(id_of(each, map), pinned_map{objects.name_of_map(each, map), &each, map});
	for (const auto& [name, type] : with.records) {
		const auto [of, map] = objects.map(name);
		pinned_map& it = all.at(id_of(*of, map));
		it.watched_in = of;
		it.name_there = map;
	}
	return all;
}

template <class Item>
void append(std::vector<Item>& to, std::vector<Item> from) {
	std::move(from.begin(), from.end(), std::back_inserter(to));
}

} // namespace

map_watches::map_watches(object_set& objects, const arguments& with) {
	const std::map<u32, pinned_map> all = one_of_each(objects, with);
	for (object_set::member& each : objects.members()) {
		const arguments mine = of_object(with, objects, each);
		std::vector<std::string> watched;
		std::map<std::string, std::string>& names = names_.emplace_back();
		for (const std::string& map : each.object.map_names()) {
			const pinned_map& it = all.at(id_of(each, map));
			if (it.watched_in == &each && it.name_there == map)
				watched.push_back(map);
			names.emplace(map, it.name);
		}
		each_.emplace_back(each.object, mine, watched);
		for (const std::string& path : mine.watch)
			names.emplace(path, objects.name_of_variable(each, path));
		for (const std::string& name : each.object.global_names())
			names.emplace(name, objects.name_of_variable(each, name));
	}
}

template <class Named>
std::vector<Named> map_watches::named(std::size_t object, std::vector<Named> of) const {
	for (Named& each : of)
		each.map = names_[object].at(each.map);
	return of;
}

std::vector<map_change> map_watches::changes(sock* sk, const socket_names& names) {
	std::vector<map_change> all;
	for (std::size_t at = 0; at != each_.size(); ++at)
		append(all, named(at, each_[at].changes(sk, names)));
	return all;
}

std::vector<map_record> map_watches::records() {
	std::vector<map_record> all;
	for (std::size_t at = 0; at != each_.size(); ++at)
		append(all, named(at, each_[at].records()));
	return all;
}

void map_watches::forget(const sock_common& sk) {
	for (map_watch& each : each_)
		each.forget(sk);
}

std::vector<map_watch::contents> map_watches::all_contents() const {
	std::vector<map_watch::contents> all;
	for (std::size_t at = 0; at != each_.size(); ++at)
		append(all, named(at, each_[at].all_contents()));
	return all;
}

} // namespace sockops_run
