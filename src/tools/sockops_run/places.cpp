// SPDX-License-Identifier: MIT
#include "places.hpp"

namespace sockops_run {

places places_of(const arguments& with) {
	sockops::testing::wanted_places wanted{
		{}, with.client_cgroup, with.server_cgroup, with.side, {}, "--client-cgroup and --server-cgroup"};
	for (const placed_file& each : with.objects)
		wanted.objects.push_back({each.file, each.cgroup});
	return sockops::testing::places_of(wanted);
}

} // namespace sockops_run
