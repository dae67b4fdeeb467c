// SPDX-License-Identifier: MIT
// What a helper's arguments stand for: each is looked at before the helper does anything.

#include "machine.hpp"

namespace sockops::vm {

bool machine::is_context(u64 value, const char* helper) noexcept {
	if (value == make_pointer(pointer_kind::ctx, ctx_origin) && ctx)
		return true;
	if (!ctx) {
		fault(at, std::string(helper) + "() needs a context, which this run has not: it works on a socket");
		return false;
	}
	fault(at, std::string(helper) + "(): its context is " + describe_pointer(*this, value) +
				  ", not what the program was given in r1");
	return false;
}

bpf_map* machine::map_of(u64 value, const char* helper) noexcept {
	const u64 index = value & pointer_mask;
	if (kind_of(value) == pointer_kind::map && index < prog->maps.size()) [[likely]]
		return prog->maps[index].get();
	fault(at, std::string(helper) + "(): its map is " + describe_pointer(*this, value));
	return nullptr;
}

sock_common* machine::known_socket(u64 address) const noexcept {
	if (!ctx)
		return nullptr;
	if (address == reinterpret_cast<std::uintptr_t>(ctx->sk))
		return ctx->sk;
	if (sk_fullsock(ctx->sk) || ctx->sk->skc_state != TCP_NEW_SYN_RECV)
		return nullptr;
	sock* const listener = static_cast<request_sock*>(ctx->sk)->rsk_listener;
	return address == reinterpret_cast<std::uintptr_t>(listener) ? listener : nullptr;
}

sock_common* machine::socket_of(u64 value, const char* helper) noexcept {
	if (value == 0)
		return nullptr;
	const pointer_kind kind = kind_of(value);
	const bool may_be =
		kind == pointer_kind::memory || kind == pointer_kind::sock || kind == pointer_kind::tcp_sock;
	sock_common* const sk = may_be ? known_socket(value & pointer_mask) : nullptr;
	if (!sk)
		fault(at, std::string(helper) + "(): its socket is " + describe_pointer(*this, value) +
					  ", not one of this call");
	return sk;
}

const u8* machine::readable(u64 address, u64 size, const char* helper) noexcept {
	static constexpr u8 nothing = 0;
	if (size == 0)
		return &nothing;
	const u8* const memory = size <= max_bpf_stack ? reach(address, static_cast<u32>(size), access::read)
												   : reach_elsewhere(address, size, access::read);
	if (!memory)
		fault(at, std::string(helper) + "(): reads " + std::to_string(size) + " bytes of " +
					  describe_pointer(*this, address));
	return memory;
}

u8* machine::writable(u64 address, u64 size, const char* helper) noexcept {
	static u8 nothing = 0;
	if (size == 0)
		return &nothing;
	u8* const memory = size <= max_bpf_stack ? reach(address, static_cast<u32>(size), access::write)
											 : reach_elsewhere(address, size, access::write);
	if (!memory)
		fault(at, std::string(helper) + "(): writes " + std::to_string(size) + " bytes to " +
					  describe_pointer(*this, address));
	return memory;
}

} // namespace sockops::vm
