// SPDX-License-Identifier: MIT
// The attributes of a map being checked, in the kernel's order where it tells: the first check that fails
// gives the errno, and the words. For the rules of each type, in its own file.
#pragma once

#include <cerrno>
#include <string>

#include <sockops/map/bpf_map.hpp>

namespace sockops::detail {

/// Flags that exclude each other.
inline constexpr u32 one_way = BPF_F_RDONLY | BPF_F_WRONLY;
inline constexpr u32 prog_one_way = BPF_F_RDONLY_PROG | BPF_F_WRONLY_PROG;

class attribute_check {
  public:
	/// `words`: where they go; nullptr: nobody wants them.
	attribute_check(const bpf_map_attr& attr, std::string* words) noexcept : attr_(attr), words_(words) {}

	const bpf_map_attr& attr() const noexcept { return attr_; }
	/// 0 or -errno.
	int error() const noexcept { return error_; }

	/// "HASH: key_size is 0; make it at least 1": `what` is `value`; `remedy`. `with`: above 0.
	attribute_check& refuse_if(bool wrong, int with, const char* what, u64 value, const char* remedy);

	attribute_check& has_entries();
	attribute_check& has_key();
	attribute_check& has_value();
	/// 4 bytes, an index or a descriptor.
	attribute_check& key_is_index();
	attribute_check& has_no_key();
	attribute_check& value_is(u32 size, const char* remedy);
	attribute_check& percpu_value_fits();
	/// And at most one of those that keep programs from reading or writing.
	attribute_check& flags_among(u32 known);

	// What is looked at whatever the type: first of all; and once the map could be made.

	attribute_check& common();
	attribute_check& name();
	attribute_check& spin_lock(bool type_takes_one);

  private:
	const bpf_map_attr& attr_;
	std::string* words_;
	int error_ = 0;
};

} // namespace sockops::detail
