// SPDX-License-Identifier: MIT
// Helpers about header options.

#include <sockops/hook/hdr_opt_helpers.hpp>

#include "helpers.hpp"

namespace sockops::vm {

namespace {

u64 load_hdr_opt(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_load_hdr_opt";
	if (!m.is_context(r[1], me))
		return 0;
	u8* const option = m.writable(r[2], static_cast<u32>(r[3]), me);
	bpf_sock_ops skops(*m.ctx);
	return option ? as_u64(bpf_load_hdr_opt(skops, option, static_cast<u32>(r[3]), r[4])) : 0;
}

u64 store_hdr_opt(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_store_hdr_opt";
	if (!m.is_context(r[1], me))
		return 0;
	const u8* const option = m.readable(r[2], static_cast<u32>(r[3]), me);
	bpf_sock_ops skops(*m.ctx);
	return option ? as_u64(bpf_store_hdr_opt(skops, option, static_cast<u32>(r[3]), r[4])) : 0;
}

u64 reserve_hdr_opt(machine& m, const u64* r) noexcept {
	if (!m.is_context(r[1], "bpf_reserve_hdr_opt"))
		return 0;
	bpf_sock_ops skops(*m.ctx);
	return as_u64(bpf_reserve_hdr_opt(skops, static_cast<u32>(r[2]), r[3]));
}

constexpr helper_row rows[] = {{142, load_hdr_opt}, {143, store_hdr_opt}, {144, reserve_hdr_opt}};

} // namespace

std::span<const helper_row> segment_helpers() noexcept { return rows; }

} // namespace sockops::vm
