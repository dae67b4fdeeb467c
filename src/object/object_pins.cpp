// SPDX-License-Identifier: MIT
// Maps that are pinned by name: taken over where there is one of the name, else pinned once they are made.
#include <cerrno>

#include <unistd.h>

#include <sockops/object/bpf_pins.hpp>

#include "object_failure.hpp"
#include "object_state.hpp"

namespace sockops {

using namespace object;

namespace {

/// How a map differs from what an object declares; "": in nothing that libbpf looks at.
std::string difference(const bpf_map_attr& pinned, const ::bpf_map* declared) {
	const struct {
		const char* name;
		u64 pinned, declared;
	} parameters[] = {{"type", pinned.map_type, static_cast<u64>(libbpf::map_type(declared))},
					  {"key_size", pinned.key_size, libbpf::map_key_size(declared)},
					  {"value_size", pinned.value_size, libbpf::map_value_size(declared)},
					  {"max_entries", pinned.max_entries, libbpf::map_max_entries(declared)},
					  {"map_flags", pinned.map_flags, libbpf::map_flags(declared)},
					  {"map_extra", pinned.map_extra, libbpf::map_extra(declared)}};
	std::string text;
	for (const auto& each : parameters)
		if (each.pinned != each.declared)
			text += (text.empty() ? "" : ", ") + std::string(each.name) + " " +
					std::to_string(each.declared) + " (pinned: " + std::to_string(each.pinned) + ")";
	return text;
}

} // namespace

void bpf_object::state::take_pinned(bpf_session& session) {
	for (object_map& each : maps) {
		const bpf_pins::pinned found =
			each.is_pinned && options.pins ? options.pins->find(each.name) : bpf_pins::pinned();
		if (!found.map)
			continue;
		if (const std::string differs = difference(found.map.get()->attr, each.libbpf_map); !differs.empty())
			fail_object(EINVAL, name + ": map '" + each.name +
									"' is pinned already, and declared here with " + differs +
									": declare it alike, or unpin() it first");
		const int fd = session.open(found.map);
		const int result = fd < 0 ? fd : libbpf::map_reuse_fd(each.libbpf_map, fd);
		if (fd >= 0)
			::close(fd);
		if (result != 0)
			fail_object(-result, name + ": map '" + each.name + "' is pinned and cannot be taken over");
		each.user = found.user;
	}
}

void bpf_object::state::pin() {
	for (const object_map& each : maps)
		if (each.is_pinned && options.pins && each.map)
			options.pins->pin(each.name, {each.map, each.user}); // -EEXIST: it came from there
}

} // namespace sockops
