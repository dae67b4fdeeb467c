// SPDX-License-Identifier: MIT
#include <sockops/object/bpf_pins.hpp>

#include <cerrno>
#include <utility>

namespace sockops {

bpf_pins::pinned bpf_pins::find(std::string_view name) const {
	const std::lock_guard held(lock_);
	const auto found = maps_.find(name);
	return found == maps_.end() ? pinned() : found->second;
}

std::vector<std::string> bpf_pins::names() const {
	const std::lock_guard held(lock_);
	std::vector<std::string> all;
	for (const auto& [name, what] : maps_)
		all.push_back(name);
	return all;
}

int bpf_pins::pin(const std::string& name, pinned what) {
	const std::lock_guard held(lock_);
	return maps_.try_emplace(name, std::move(what)).second ? 0 : -EEXIST;
}

int bpf_pins::unpin(std::string_view name) {
	const std::lock_guard held(lock_);
	const auto found = maps_.find(name);
	if (found == maps_.end())
		return -ENOENT;
	maps_.erase(found);
	return 0;
}

} // namespace sockops
