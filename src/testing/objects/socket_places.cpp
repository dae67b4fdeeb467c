// SPDX-License-Identifier: MIT
#include "socket_places.hpp"

#include <algorithm>
#include <string_view>

#include <sockops/object/bpf_object.hpp>

#include "../../kern/spelling.hpp"

namespace sockops::testing {

namespace {

using object = wanted_places::object;

bool is_below_or_same(std::string_view path, std::string_view above) {
	return above == "/" || path == above ||
		   (path.starts_with(above) && path.size() > above.size() && path[above.size()] == '/');
}

std::string below(const std::string& above, std::string_view name) {
	std::string path = above == "/" ? std::string() : above;
	return path.append("/").append(name);
}

std::string_view last_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// /web of /web/client, too.
std::string base_of(const std::string& path) {
	const std::string_view last = last_name(path);
	if (last != side_name(side::client) && last != side_name(side::server))
		return path;
	const std::size_t slash = path.rfind('/');
	return slash == 0 ? "/" : path.substr(0, slash);
}

std::string described(const object& one) {
	return std::string("'").append(one.file).append("@").append(*one.cgroup).append("': ");
}

/// Nobody names the sides' own cgroups wrongly without being told.
void refuse_mistyped(const object& one, const std::string& remedy) {
	const std::string_view name = last_name(*one.cgroup);
	for (const side each : {side::client, side::server})
		if (name != side_name(each) &&
			sockops::detail::letters_apart(name, side_name(each)) <= sockops::detail::most_misspelled)
			throw object_error(described(one)
								   .append("is /")
								   .append(side_name(each))
								   .append(" meant? (Where it is not, ")
								   .append(remedy)
								   .append(" say where the sockets are)"));
}

void refuse_without_sockets(const object& one, const socket_places& at, const wanted_places& with) {
	const auto has = [&](const std::string& place) { return is_below_or_same(place, *one.cgroup); };
	if (has(at.client) || has(at.server) || std::ranges::any_of(with.others, has))
		return;
	throw object_error(described(one)
						   .append("no socket is ever there: the client's are in ")
						   .append(at.client)
						   .append(", the server's in ")
						   .append(at.server)
						   .append("; ")
						   .append(with.remedy)
						   .append(" put them elsewhere"));
}

} // namespace

socket_places places_of(const wanted_places& with) {
	std::string deepest = "/";
	const bool is_told = with.client || with.server;
	for (const object& each : with.objects) {
		if (is_told || !each.cgroup)
			continue;
		refuse_mistyped(each, with.remedy);
		const std::string base = base_of(*each.cgroup);
		if (base.size() > deepest.size())
			deepest = base;
	}
	socket_places at{with.client.value_or(below(deepest, side_name(side::client))),
					 with.server.value_or(below(deepest, side_name(side::server))),
					 {}};
	for (const object& each : with.objects) {
		if (each.cgroup)
			refuse_without_sockets(each, at, with);
		at.objects.push_back(each.cgroup                   ? *each.cgroup
							 : !with.whose                 ? "/"
							 : *with.whose == side::client ? at.client
														   : at.server);
	}
	return at;
}

} // namespace sockops::testing
