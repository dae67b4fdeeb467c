// SPDX-License-Identifier: MIT
// Helpers about the call's socket: options, flags, cookies, kinds, storage, sockmaps; and kfuncs that lead
// from the context to the kernel's own.
#pragma once

#include <sockops/hook/sk_helpers.hpp>
#include <sockops/hook/sockopt.hpp>
#include <sockops/map/sk_storage_map.hpp>
#include <sockops/map/sock_map.hpp>

#include "results.hpp"
#include "rule.hpp"

namespace sockops::helper {

inline s64 set_option(bpf_sock_ops& skops, s32 level, s32 optname, memory<above_0<s32>> optval) noexcept {
	return bpf_setsockopt(skops, level, optname, optval.at, optval.size);
}
inline s64 get_option(bpf_sock_ops& skops, s32 level, s32 optname, room<above_0<s32>> optval) noexcept {
	return bpf_getsockopt(skops, level, optname, optval.at, optval.size);
}
inline s64 set_cb_flags(bpf_sock_ops& skops, s32 argval) noexcept {
	return bpf_sock_ops_cb_flags_set(skops, argval);
}
inline u64 socket_cookie(bpf_sock_ops& skops) noexcept { return bpf_get_socket_cookie(skops); }
inline u64 netns_cookie(bpf_sock_ops* skops) noexcept {
	return skops ? bpf_get_netns_cookie(*skops) : bpf_get_netns_cookie(nullptr);
}

// Kinds. bpf_tcp_sock() gives the UAPI's view, bpf_skc_to_*() the socket itself, to be read by its types.

inline tcp_sock_view view_as_tcp(call_socket sk) noexcept { return {bpf_tcp_sock(sk.sk)}; }

template <auto Cast>
kernel_socket cast_to(call_socket sk) noexcept {
	return {Cast(sk.sk)};
}

using storage_map = map_of<bpf_map, map_use::neither, BPF_MAP_TYPE_SK_STORAGE>;

inline stored_value storage_get(storage_map map, call_socket sk, optional_map_value initial,
								u64 flags) noexcept {
	return {bpf_sk_storage_get(*map, sk.sk, initial.at, flags), map->attr.value_size};
}
inline s64 storage_delete(storage_map map, call_socket sk) noexcept {
	return bpf_sk_storage_delete(*map, sk.sk);
}

/// bpf_sock_map_update() and bpf_sock_hash_update().
template <u32 Type, auto Update>
s64 enter_socket(bpf_sock_ops& skops, map_of<bpf_map, map_use::neither, Type> map, map_key key,
				 u64 flags) noexcept {
	return Update(skops, *map, key.at, flags);
}

inline kernel_context_address as_kernel_context(given_context) noexcept { return {}; }
/// Whatever the type, what can be read is what lies there.
inline kernel_object as_kernel_type(unsafe_memory, u32) noexcept { return {}; }
inline int enable_tx_tstamp(kernel_context of, u64 flags) noexcept {
	return bpf_sock_ops_enable_tx_tstamp(of.skops, flags);
}

using socket_rules =
	rule_list<rule<"bpf_setsockopt", set_option>, rule<"bpf_getsockopt", get_option>,
			  rule<"bpf_sock_ops_cb_flags_set", set_cb_flags>, rule<"bpf_get_socket_cookie", socket_cookie>,
			  rule<"bpf_get_netns_cookie", netns_cookie>, rule<"bpf_tcp_sock", view_as_tcp>,
			  rule<"bpf_skc_to_tcp6_sock", cast_to<bpf_skc_to_tcp6_sock>>,
			  rule<"bpf_skc_to_tcp_sock", cast_to<bpf_skc_to_tcp_sock>>,
			  rule<"bpf_skc_to_tcp_timewait_sock", cast_to<bpf_skc_to_tcp_timewait_sock>>,
			  rule<"bpf_skc_to_tcp_request_sock", cast_to<bpf_skc_to_tcp_request_sock>>,
			  rule<"bpf_skc_to_udp6_sock", cast_to<bpf_skc_to_udp6_sock>>,
			  rule<"bpf_skc_to_unix_sock", cast_to<bpf_skc_to_unix_sock>>,
			  rule<"bpf_skc_to_mptcp_sock", cast_to<bpf_skc_to_mptcp_sock>>,
			  rule<"bpf_sk_storage_get", storage_get>, rule<"bpf_sk_storage_delete", storage_delete>,
			  rule<"bpf_sock_map_update", enter_socket<BPF_MAP_TYPE_SOCKMAP, bpf_sock_map_update>>,
			  rule<"bpf_sock_hash_update", enter_socket<BPF_MAP_TYPE_SOCKHASH, bpf_sock_hash_update>>,
			  rule<"bpf_cast_to_kern_ctx", as_kernel_context>, rule<"bpf_rdonly_cast", as_kernel_type>,
			  rule<"bpf_sock_ops_enable_tx_tstamp", enable_tx_tstamp>>;

} // namespace sockops::helper
