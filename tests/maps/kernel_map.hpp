// SPDX-License-Identifier: MIT
// A map of the machine's kernel, by bpf(2). Calls return what the kernel does, or -errno.
#pragma once

#include <string>

#include <sockops/map/bpf_map.hpp>

#include "../kernel/bpf_calls.hpp"

namespace maps_diff {

using sockops::u32;
using sockops::u64;

class kernel_map {
  public:
	/// BPF_MAP_CREATE. With attr.spin_lock_off, by BTF that says so: keys are then 4 bytes, and values words.
	explicit kernel_map(const sockops::bpf_map_attr& attr);
	/// 0 or -errno.
	long error() const noexcept { return fd_ < 0 ? fd_ : 0; }
	int fd() const noexcept { return owned_.get(); }

	long lookup(const void* key, void* value, u64 flags) const noexcept;
	/// BPF_MAP_LOOKUP_AND_DELETE_ELEM
	long take(const void* key, void* value, u64 flags) const noexcept;
	long update(const void* key, const void* value, u64 flags) const noexcept;
	long erase(const void* key) const noexcept;
	long next_key(const void* key, void* next) const noexcept;
	long freeze() const noexcept;

  private:
	long fd_;
	kernel_diff::owned_fd owned_;
};

/// CPUs that a PERCPU value of the kernel has.
u32 kernel_cpus();
/// Why maps of this kernel cannot be used; empty: they can.
std::string why_no_maps();
/// A SOCK_OPS program that answers 1: a descriptor, or -errno.
long load_prog();

} // namespace maps_diff
