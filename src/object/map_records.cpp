// SPDX-License-Identifier: MIT
// What programs have sent: records of a RINGBUF or a PERF_EVENT_ARRAY, read by a type of the object.
#include <cerrno>

#include <sockops/object/map_view.hpp>

#include "btf/btf_types.hpp"
#include "object_failure.hpp"

namespace sockops {

using namespace object;

namespace {

using records_of = std::vector<std::vector<std::byte>>;

records_of take_records(bpf_map& map) {
	records_of taken;
	const auto take = [](const std::byte* record, std::size_t size, void* into) {
		static_cast<records_of*>(into)->emplace_back(record, record + size);
	};
	if (!map.take_records(take, &taken))
		fail_object(EINVAL, "map '" + map.attr.map_name + "' (" + bpf_map_type_name(map.attr.map_type) +
								") has no records: a RINGBUF or a PERF_EVENT_ARRAY has");
	return taken;
}

} // namespace

std::vector<typed_value> map_view::records(std::string_view type) const {
	const u32 id = !type.empty() && types_ ? type_by_words(*types_, type) : 0;
	if (!type.empty() && !types_)
		fail_object(ENOENT, "the object has no types, so also no '" + std::string(type) +
								"': it was compiled without -g");
	if (!type.empty() && id == 0)
		fail_object(ENOENT, "the object has no type '" + std::string(type) +
								"'; one that no variable or parameter has is left out by the compiler");
	const u32 size = id ? size_of_type(*types_, id) : 0;
	std::vector<typed_value> typed;
	for (auto& record : take_records(map())) {
		if (record.size() < size)
			fail_object(EINVAL, "map '" + name() + "': a record of " + std::to_string(record.size()) +
									" bytes is no " + std::string(type) + ", which has " +
									std::to_string(size));
		// Behind it may stand padding of a perf buffer.
		if (id)
			record.resize(size);
		const auto owner = std::make_shared<std::vector<std::byte>>(std::move(record));
		typed.emplace_back(types_, id, *owner, false, owner);
	}
	return typed;
}

} // namespace sockops
