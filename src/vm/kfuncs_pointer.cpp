// SPDX-License-Identifier: MIT
// From a program's view of the context or a socket to the kernel's own, and what is asked of that.

#include <sockops/hook/sk_helpers.hpp>

#include "kfuncs.hpp"

namespace sockops::vm {

namespace {

/// bpf_cast_to_kern_ctx(): the context as the kernel has it, to be read by its type.
u64 cast_to_kern_ctx(machine& m, const u64* r) noexcept {
	return m.is_context(r[1], "bpf_cast_to_kern_ctx") ? m.kernel_address(r[1]) : 0;
}

/// bpf_rdonly_cast(): whatever the type, what can be read is what lies there.
u64 rdonly_cast(machine& m, const u64* r) noexcept { return m.kernel_address(r[1]); }

u64 enable_tx_tstamp(machine& m, const u64* r) noexcept {
	if (!m.ctx || r[1] != reinterpret_cast<std::uintptr_t>(m.ctx)) {
		m.fault(m.at, "bpf_sock_ops_enable_tx_tstamp(): its context is " + describe_pointer(m, r[1]) +
						  ", not what bpf_cast_to_kern_ctx() returned");
		return 0;
	}
	bpf_sock_ops skops(*m.ctx);
	return as_int(bpf_sock_ops_enable_tx_tstamp(skops, r[2]));
}

u64 map_sum_elem_count(machine& m, const u64* r) noexcept {
	bpf_map* const map = m.map_of(r[1], "bpf_map_sum_elem_count");
	return map ? as_u64(sum_elem_count(*map)) : 0;
}

constexpr kfunc_row rows[] = {
	{"bpf_cast_to_kern_ctx", cast_to_kern_ctx},
	{"bpf_rdonly_cast", rdonly_cast},
	{"bpf_sock_ops_enable_tx_tstamp", enable_tx_tstamp},
	{"bpf_map_sum_elem_count", map_sum_elem_count},
};

} // namespace

std::span<const kfunc_row> pointer_kfuncs() noexcept { return rows; }

} // namespace sockops::vm
