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

template <class Item>
void append(std::vector<Item>& to, std::vector<Item> from) {
	std::move(from.begin(), from.end(), std::back_inserter(to));
}

} // namespace

map_watches::map_watches(object_set& objects, const arguments& with) {
	for (object_set::member& each : objects.members()) {
		const arguments mine = of_object(with, objects, each);
		each_.emplace_back(each.object, mine);
		std::map<std::string, std::string>& names = names_.emplace_back();
		for (const std::string& map : each.object.map_names())
			names.emplace(map, objects.name_of_map(each, map));
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
