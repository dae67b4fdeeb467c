// SPDX-License-Identifier: MIT
// The program and its maps, in the machine's kernel.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../cgroup_folder.hpp"
#include "sockmap_log.h"

struct bpf_object;

namespace sockmap_diff {

constexpr sockmap_key key_of(unsigned key) { return {{key, 7, 9}}; }
constexpr bool has_cookies(unsigned map) { return map == map_array8 || map == map_hash12; }

class kernel_maps {
  public:
	/// Loads, and attaches to a cgroup of its own.
	kernel_maps();
	~kernel_maps();
	kernel_maps(const kernel_maps&) = delete;
	kernel_maps& operator=(const kernel_maps&) = delete;

	/// Why this kernel cannot be asked; "" if it can.
	[[nodiscard]] const std::string& unusable() const noexcept { return unusable_; }
	[[nodiscard]] int cgroup_fd() const noexcept { return folder_.fd(); }

	void seed(unsigned random) noexcept { log_->random = random; }
	/// The calls since the last time. Too many for the log: the last ones are missing, and full() is true.
	std::vector<sockmap_call> take_calls();
	[[nodiscard]] bool full() const noexcept { return full_; }

	// By bpf(2): 0 or -errno.
	long update(unsigned map, unsigned key, int socket_fd, std::uint64_t flags) noexcept;
	long erase(unsigned map, unsigned key) noexcept;
	long lookup(unsigned map, unsigned key, std::uint64_t& cookie) noexcept;
	/// `key`: nullptr for the first.
	long next_key(unsigned map, const sockmap_key* key, sockmap_key& next) noexcept;

  private:
	std::string load();

	kernel_diff::cgroup_folder folder_;
	std::string unusable_;
	std::unique_ptr<bpf_object, void (*)(bpf_object*)> object_;
	int maps_[sockmap_maps] = {};
	sockmap_log* log_ = nullptr;
	bool full_ = false;
};

} // namespace sockmap_diff
