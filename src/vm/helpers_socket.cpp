// SPDX-License-Identifier: MIT
// Helpers about the call's socket: options, flags, cookies, kinds, storage, sockmaps.

#include <sockops/hook/sk_helpers.hpp>
#include <sockops/hook/sockopt.hpp>
#include <sockops/map/socket_map_adapters.hpp>

#include "helpers.hpp"

namespace sockops::vm {

namespace {

/// An option's length as the kernel takes it: positive.
bool is_length(machine& m, u64 length, const char* helper) noexcept {
	if (static_cast<s32>(length) > 0)
		return true;
	m.fault(m.at, std::string(helper) + "(): optlen " + std::to_string(static_cast<s32>(length)) +
					  " is not above 0");
	return false;
}

u64 setsockopt_helper(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_setsockopt";
	if (!m.is_context(r[1], me) || !is_length(m, r[5], me))
		return 0;
	const u8* const value = m.readable(r[4], static_cast<u32>(r[5]), me);
	bpf_sock_ops skops(*m.ctx);
	return value ? as_u64(bpf_setsockopt(skops, static_cast<int>(r[2]), static_cast<int>(r[3]), value,
										 static_cast<int>(r[5])))
				 : 0;
}

u64 getsockopt_helper(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_getsockopt";
	if (!m.is_context(r[1], me) || !is_length(m, r[5], me))
		return 0;
	u8* const value = m.writable(r[4], static_cast<u32>(r[5]), me);
	bpf_sock_ops skops(*m.ctx);
	return value ? as_u64(bpf_getsockopt(skops, static_cast<int>(r[2]), static_cast<int>(r[3]), value,
										 static_cast<int>(r[5])))
				 : 0;
}

u64 cb_flags_set(machine& m, const u64* r) noexcept {
	if (!m.is_context(r[1], "bpf_sock_ops_cb_flags_set"))
		return 0;
	bpf_sock_ops skops(*m.ctx);
	return as_u64(bpf_sock_ops_cb_flags_set(skops, static_cast<int>(r[2])));
}

u64 get_socket_cookie(machine& m, const u64* r) noexcept {
	if (!m.is_context(r[1], "bpf_get_socket_cookie"))
		return 0;
	bpf_sock_ops skops(*m.ctx);
	return bpf_get_socket_cookie(skops);
}

u64 get_netns_cookie(machine& m, const u64* r) noexcept {
	if (r[1] == 0)
		return bpf_get_netns_cookie(nullptr);
	if (!m.is_context(r[1], "bpf_get_netns_cookie"))
		return 0;
	bpf_sock_ops skops(*m.ctx);
	return bpf_get_netns_cookie(skops);
}

// Kinds. bpf_tcp_sock() gives the UAPI's view, bpf_skc_to_*() the socket itself, to be read by its types.

u64 tcp_sock_helper(machine& m, const u64* r) noexcept {
	const tcp_sock* const tp = bpf_tcp_sock(m.socket_of(r[1], "bpf_tcp_sock"));
	return tp ? make_pointer(pointer_kind::tcp_sock, reinterpret_cast<std::uintptr_t>(tp)) : 0;
}

template <auto Cast>
u64 skc_to(machine& m, const u64* r) noexcept {
	return reinterpret_cast<std::uintptr_t>(Cast(m.socket_of(r[1], "bpf_skc_to_*_sock")));
}

u64 sk_storage_get(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_sk_storage_get";
	auto* const map = map_of_type<sk_storage_bpf_map>(m, r[1], BPF_MAP_TYPE_SK_STORAGE, me);
	sock_common* const sk = map ? m.socket_of(r[2], me) : nullptr;
	const u32 size = map ? map->attr.value_size : 0;
	const u8* const initial = map && r[3] != 0 ? m.readable(r[3], size, me) : nullptr;
	if (!map || m.faulted)
		return 0;
	void* const value = bpf_sk_storage_get(*map->storage().get(), sk, initial, r[4]);
	if (value)
		m.grant_memory(value, size, "a value of bpf_sk_storage_get()");
	return reinterpret_cast<std::uintptr_t>(value);
}

u64 sk_storage_delete(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_sk_storage_delete";
	auto* const map = map_of_type<sk_storage_bpf_map>(m, r[1], BPF_MAP_TYPE_SK_STORAGE, me);
	sock_common* const sk = map ? m.socket_of(r[2], me) : nullptr;
	return map && !m.faulted ? as_u64(bpf_sk_storage_delete(*map->storage().get(), sk)) : 0;
}

/// bpf_sock_map_update() and bpf_sock_hash_update().
template <u32 Type, auto Update>
u64 enter_socket(machine& m, const u64* r) noexcept {
	static constexpr const char* me =
		Type == BPF_MAP_TYPE_SOCKMAP ? "bpf_sock_map_update" : "bpf_sock_hash_update";
	if (!m.is_context(r[1], me))
		return 0;
	auto* const map = map_of_type<sock_map_bpf_map>(m, r[2], Type, me);
	const u8* const key = map ? m.readable(r[3], map->attr.key_size, me) : nullptr;
	bpf_sock_ops skops(*m.ctx);
	return key ? as_u64(Update(skops, *map->sockets().get(), key, r[4])) : 0;
}

constexpr helper_row rows[] = {
	{46, get_socket_cookie},
	{49, setsockopt_helper},
	{53, enter_socket<BPF_MAP_TYPE_SOCKMAP, bpf_sock_map_update>},
	{57, getsockopt_helper},
	{59, cb_flags_set},
	{70, enter_socket<BPF_MAP_TYPE_SOCKHASH, bpf_sock_hash_update>},
	{96, tcp_sock_helper},
	{107, sk_storage_get},
	{108, sk_storage_delete},
	{122, get_netns_cookie},
	{136, skc_to<bpf_skc_to_tcp6_sock>},
	{137, skc_to<bpf_skc_to_tcp_sock>},
	{138, skc_to<bpf_skc_to_tcp_timewait_sock>},
	{139, skc_to<bpf_skc_to_tcp_request_sock>},
	{140, skc_to<bpf_skc_to_udp6_sock>},
	{178, skc_to<bpf_skc_to_unix_sock>},
	{196, skc_to<bpf_skc_to_mptcp_sock>},
};

} // namespace

std::span<const helper_row> socket_helpers() noexcept { return rows; }

} // namespace sockops::vm
