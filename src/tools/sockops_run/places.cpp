// SPDX-License-Identifier: MIT
#include "places.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <sockops/object/bpf_object.hpp>

#include "../../kern/spelling.hpp"
#include "../command/words.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::tools;
using namespace sockops::testing;

namespace {

bool is_below_or_same(std::string_view path, std::string_view above) {
	return above == "/" || path == above ||
		   (path.starts_with(above) && path.size() > above.size() && path[above.size()] == '/');
}

std::string below(const std::string& above, std::string_view name) {
	return in_a_row({above == "/" ? std::string_view() : std::string_view(above), "/", name});
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

std::string described(const placed_file& object) {
	return in_a_row({"'", object.file, "@", *object.cgroup, "': "});
}

/// Nobody names the sides' own cgroups wrongly without being told.
void refuse_mistyped(const placed_file& object) {
	const std::string_view name = last_name(*object.cgroup);
	for (const side each : {side::client, side::server})
		if (name != side_name(each) &&
			detail::letters_apart(name, side_name(each)) <= detail::most_misspelled)
			throw object_error(in_a_row({described(object), "is /", side_name(each),
										 " meant? (Where it is not, --client-cgroup and --server-cgroup say "
										 "where the sockets are)"}));
}

void refuse_without_sockets(const placed_file& object, const places& at) {
	if (is_below_or_same(at.client, *object.cgroup) || is_below_or_same(at.server, *object.cgroup))
		return;
	throw object_error(in_a_row({described(object), "no socket is ever there: the client's are in ",
								 at.client, ", the server's in ", at.server,
								 "; --client-cgroup and --server-cgroup put them elsewhere"}));
}

} // namespace

places places_of(const arguments& with) {
	std::string deepest = "/";
	const bool is_told = with.client_cgroup || with.server_cgroup;
	for (const placed_file& each : with.objects) {
		if (is_told || !each.cgroup)
			continue;
		refuse_mistyped(each);
		const std::string base = base_of(*each.cgroup);
		if (base.size() > deepest.size())
			deepest = base;
	}
	places at{with.client_cgroup.value_or(below(deepest, side_name(side::client))),
			  with.server_cgroup.value_or(below(deepest, side_name(side::server))),
			  {}};
	for (const placed_file& each : with.objects) {
		if (each.cgroup)
			refuse_without_sockets(each, at);
		at.objects.push_back(each.cgroup                  ? *each.cgroup
							 : !with.side                 ? "/"
							 : *with.side == side::client ? at.client
														  : at.server);
	}
	return at;
}

} // namespace sockops_run
