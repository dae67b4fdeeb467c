// SPDX-License-Identifier: MIT
#include "element_watch.hpp"

#include <sockops/sync/rcu.hpp>

namespace sockops_run {

using namespace sockops;

namespace {

/// Programs have its address in their code, and ask nobody for it.
bool has_known_address(const bpf_map& map) noexcept {
	return map.area().in_code && map.attr.max_entries == 1;
}

} // namespace

element_watch::element_watch(bpf_map& map) : map_(map) {
	map_.watch(*this);
	if (has_known_address(map_))
		note(bytes(map_.attr.key_size), nullptr);
}

element_watch::~element_watch() { map_.unwatch(*this); }

bool element_watch::is_percpu() const noexcept { return map_.holds() == map_holds::percpu_values; }

element_watch::bytes element_watch::copy(const void* from, std::size_t size) {
	const auto* const first = static_cast<const std::byte*>(from);
	return size == 0 ? bytes() : bytes(first, first + size);
}

std::optional<element_watch::bytes> element_watch::value_now(const bytes& key) {
	bytes_copied_ += map_.attr.value_size;
	if (is_percpu()) {
		const rcu_read_guard reading;
		const void* const found = map_.lookup_percpu_elem(key.data(), 0);
		return found ? std::optional(copy(found, map_.attr.value_size)) : std::nullopt;
	}
	bytes value(map_.attr.value_size);
	return map_.sys_lookup_elem(key.empty() ? nullptr : key.data(), value.data()) == 0
			   ? std::optional(std::move(value))
			   : std::nullopt;
}

void element_watch::note(const bytes& key, const void* value) {
	if (touched_.contains(key))
		return;
	if (!value || is_percpu()) {
		touched_.emplace(key, value_now(key));
	} else {
		bytes_copied_ += map_.attr.value_size;
		touched_.emplace(key, copy(value, map_.attr.value_size));
	}
}

void element_watch::about_to_change(bpf_map&, const void* key, const void* value) noexcept {
	note(copy(key, map_.attr.key_size), value);
}

std::vector<element_watch::change> element_watch::changes() {
	std::vector<change> all;
	for (auto& [key, before] : touched_) {
		std::optional<bytes> now = value_now(key);
		if (now == before)
			continue;
		all.push_back({key, std::move(before), now});
		before = std::move(now);
	}
	// A program that this call has interrupted goes on, with the addresses that it has.
	if (!rcu_read_lock_held() && !has_known_address(map_))
		touched_.clear();
	return all;
}

} // namespace sockops_run
