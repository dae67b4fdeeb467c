// SPDX-License-Identifier: MIT
// Lines about what maps and variables hold at the end of an interval.

#include <cerrno>

#include <sockops/sync/processor_id.hpp>

#include "../../object/value_path.hpp"
#include "judging.hpp"

namespace sockops::testing::text {

namespace {

using question = about_map::question;

mismatch seen_value(const std::string& what) { return {"seen      " + what + "\n"}; }

/// The whole of what a value is a part of, and all that the map holds where it is little.
std::string in_full(const typed_value& whole, const std::string& path) {
	return path.empty() ? std::string() : "\nof        " + whole.text();
}

/// "sockets: 1 entry\n  20817 = client\n": a value is a socket, and is called by its name.
std::string sockets_of(const map_view& view, const names& words) {
	const auto all = view.sockets();
	std::string text = view.name();
	text.append(": ").append(std::to_string(all.size())).append(all.size() == 1 ? " entry\n" : " entries\n");
	for (const auto& [key, sk] : all)
		text.append("  ").append(key.text()).append(" = ").append(words.name_of(*sk)).append("\n");
	return text;
}

std::string held_by(const map_view& view, const names& words) {
	if (view.map().holds() == map_holds::sockets)
		return sockets_of(view, words);
	try {
		std::string text = view.text();
		constexpr std::size_t much = 2000;
		return text.size() > much ? view.name() + ": " + std::to_string(view.size()) + " entries" : text;
	} catch (const object_error& unreadable) {
		return unreadable.what();
	}
}

/// The socket that stands in brackets, as the key of an SK_STORAGE map.
sock& socket_of_key(const std::string& key, const names& words) {
	if (!words.is_socket(key))
		throw unknown_word("'" + key +
						   "' is no socket: an SK_STORAGE map has values by socket, as in [client]");
	if (sock* const sk = words.socket(key))
		return *sk;
	throw unknown_word("the " + key +
					   "'s socket is gone, or is not there yet: what was kept for it is gone, too");
}

bool is_percpu(const map_view& view) { return view.map().holds() == map_holds::percpu_values; }

std::optional<typed_value> value_of(const map_view& view, const about_map& about, const names& words) {
	if (view.map().holds() == map_holds::socket_values)
		return view.of_socket(socket_of_key(*about.key, words));
	if (!about.key)
		return view.find({});
	std::vector<std::byte> key = view.key_of(words.resolved(*about.key));
	std::optional<typed_value> found = view.find(key);
	if (found && is_percpu(view))
		return view.of_cpu(std::move(key), smp_processor_id()); // on which all programs of a test run
	return found;
}

mismatch judge_socket(const map_view& view, const about_map& about, const names& words) {
	sock* const there = view.socket_of(view.key_of(words.resolved(*about.key)));
	const std::string name = there ? words.name_of(*there) : "absent";
	bool is_so = false;
	if (about.asks == question::exists)
		is_so = there;
	else if (about.asks == question::absent)
		is_so = !there;
	else
		is_so = (name == about.value) == (about.is == relation::equal);
	return is_so ? mismatch{} : seen_value(name);
}

std::size_t entries_of(const map_view& view) {
	return view.map().holds() == map_holds::sockets ? view.sockets().size() : view.size();
}

/// A key that nobody can have made, as of a cookie that nobody has asked for, is in no map.
std::optional<mismatch> without_key(const about_map& about, const names& words) {
	if (about.asks != question::absent)
		return std::nullopt;
	try {
		(void)words.resolved(*about.key);
	} catch (const not_there_yet&) {
		return mismatch{};
	}
	return std::nullopt;
}

} // namespace

map_view map_of(object_set& objects, const std::string& name) {
	const auto [of, its_name] = objects.map(name);
	return of->object.map(its_name);
}

mismatch judge_map(const about_map& about, object_set& objects, const names& words) {
	const map_view view = map_of(objects, about.map);
	if (about.asks == question::entries) {
		const std::size_t entries = entries_of(view);
		return entries == about.entries
				   ? mismatch{}
				   : seen_value(std::to_string(entries) + (entries == 1 ? " entry" : " entries") + "\n" +
								held_by(view, words));
	}
	if (const std::optional<mismatch> none = without_key(about, words))
		return *none;
	if (view.map().holds() == map_holds::sockets)
		return judge_socket(view, about, words);
	const std::optional<typed_value> value = value_of(view, about, words);
	if (!value)
		return about.asks == question::absent ? mismatch{} : seen_value("absent: " + held_by(view, words));
	if (about.asks != question::value)
		return about.asks == question::exists ? mismatch{} : seen_value(value->text());
	const typed_value part = object::value_at(*value, about.path);
	return is_value(part, about.is, words.resolved(about.value))
			   ? mismatch{}
			   : seen_value(part.text() + in_full(*value, about.path));
}

mismatch judge_global(const about_global& about, object_set& objects, const names& words) {
	const auto [of, path] = objects.variable(about.path);
	const typed_value value = object::global_by_path(of->object, path);
	return is_value(value, about.is, words.resolved(about.value)) ? mismatch{} : seen_value(value.text());
}

} // namespace sockops::testing::text
