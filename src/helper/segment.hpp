// SPDX-License-Identifier: MIT
// Helpers about header options.
#pragma once

#include <sockops/hook/hdr_opt_helpers.hpp>

#include "results.hpp"
#include "rule.hpp"

namespace sockops::helper {

inline s64 load_hdr_opt(bpf_sock_ops& skops, searched_option searched, u64 flags) noexcept {
	return bpf_load_hdr_opt(skops, searched.at, searched.size, flags);
}
inline s64 store_hdr_opt(bpf_sock_ops& skops, memory<above_0<u32>> option, u64 flags) noexcept {
	return bpf_store_hdr_opt(skops, option.at, option.size, flags);
}
inline s64 reserve_hdr_opt(bpf_sock_ops& skops, u32 len, u64 flags) noexcept {
	return bpf_reserve_hdr_opt(skops, len, flags);
}

using segment_rules =
	rule_list<rule<"bpf_load_hdr_opt", load_hdr_opt>, rule<"bpf_store_hdr_opt", store_hdr_opt>,
			  rule<"bpf_reserve_hdr_opt", reserve_hdr_opt>>;

} // namespace sockops::helper
