// SPDX-License-Identifier: MIT
// Flags of an attach to a cgroup, with the release that takes each since (docs.ebpf.io, BPF_PROG_ATTACH; for
// the order among programs of a cgroup, the kernel's changes of 2025).
#pragma once

#include <string_view>

#include <sockops/bpf/uapi.hpp>

namespace sockops::detail {

struct attach_flag_row {
	u32 flag;
	std::string_view name;
	kernel_release since;
};

inline constexpr attach_flag_row attach_flag_rows[] = {
	{attach_flags::allow_override, "BPF_F_ALLOW_OVERRIDE", release(4, 10)},
	{attach_flags::allow_multi, "BPF_F_ALLOW_MULTI", release(4, 15)},
	{attach_flags::replace, "BPF_F_REPLACE", release(5, 6)},
	{attach_flags::preorder, "BPF_F_PREORDER", release(6, 15)},
	{attach_flags::before, "BPF_F_BEFORE", release(6, 17)},
	{attach_flags::after, "BPF_F_AFTER", release(6, 17)},
	{attach_flags::id, "BPF_F_ID", release(6, 17)},
	{attach_flags::link, "BPF_F_LINK", release(6, 17)},
};

/// The first of `flags` that a release has not; nullptr: it has all.
constexpr const attach_flag_row* too_young_attach_flag(u32 flags, kernel_release kernel) noexcept {
	for (const attach_flag_row& row : attach_flag_rows)
		if ((flags & row.flag) != 0 && row.since > kernel)
			return &row;
	return nullptr;
}

} // namespace sockops::detail
