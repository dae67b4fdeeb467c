// SPDX-License-Identifier: MIT
// Which memory a program has besides its frame and the value it looked up last: its callers' frames, what
// helpers granted, the segment's header, values of its maps, and members of sockets that are modelled.

#include <algorithm>

#include <sockops/vm/core_types.hpp>

#include "machine.hpp"

namespace sockops::vm {

namespace {

/// Do `size` bytes at `address` lie within the `room` bytes at `base`?
bool lies_in(u64 address, u64 size, const void* base, u64 room) noexcept {
	const u64 from = address - reinterpret_cast<std::uintptr_t>(base);
	return size <= room && from <= room - size;
}

u8* memory_at(u64 address) noexcept { return reinterpret_cast<u8*>(static_cast<std::uintptr_t>(address)); }

bool in_callers_frame(const machine& m, u64 address, u64 size) noexcept {
	for (u32 i = 0; i <= m.depth; ++i)
		if (lies_in(address, size, m.stack + i * max_bpf_stack, max_bpf_stack))
			return true;
	return false;
}

bool in_segment(const machine& m, u64 address, u64 size) noexcept {
	if (!m.ctx || !m.ctx->skb || !m.ctx->skb_data_end)
		return false;
	const u8* const data = m.ctx->skb->data;
	const auto* const end = static_cast<const u8*>(m.ctx->skb_data_end);
	return data <= end && lies_in(address, size, data, static_cast<u64>(end - data));
}

/// The value in which all of it lies; nullptr: in none.
u8* value_of_map(const bpf_map_area& area, u64 address, u64 size) noexcept {
	const u64 from = address - reinterpret_cast<std::uintptr_t>(area.base);
	if (area.count == 0 || from >= area.stride * area.count)
		return nullptr;
	const u64 within = from % area.stride;
	if (size > area.value_size || within > area.value_size - size)
		return nullptr;
	return memory_at(address - within);
}

bool in_shown_key(const machine& m, u64 address, u64 size) noexcept {
	for (u32 i = 0; i <= m.depth; ++i)
		if (m.shown_keys[i].size != 0 && lies_in(address, size, m.shown_keys[i].base, m.shown_keys[i].size))
			return true;
	return false;
}

bool has_lock(const bpf_map& map) noexcept { return map.attr.spin_lock_off >= 0; }

} // namespace

u8* machine::reach_elsewhere(u64 address, u64 size, access how) noexcept {
	if (in_callers_frame(*this, address, size))
		return memory_at(address);
	for (u32 i = 0; i != grants_used; ++i)
		if (lies_in(address, size, grants[i].base, grants[i].size))
			return memory_at(address);
	for (const dynptr_table::entry& each : dynptrs)
		if (each.bytes.base && lies_in(address, size, each.bytes.base, each.whole))
			return memory_at(address);
	bpf_map* map = nullptr;
	if (u8* const value = reach_value(address, size, map)) {
		remember(value, *map);
		return how == access::read || recent_writable ? memory_at(address) : nullptr;
	}
	if (how == access::read && (in_segment(*this, address, size) || in_shown_key(*this, address, size) ||
								reach_core_member(address, size)))
		return memory_at(address);
	return nullptr;
}

u8* machine::reach_value(u64 address, u64 size, bpf_map*& map) const noexcept {
	for (const bpf_map_ptr& each : prog->maps) {
		map = each.get();
		u8* const value = value_of_map(each.get()->area(), address, size);
		if (!value)
			continue;
		const u64 from = address - reinterpret_cast<std::uintptr_t>(value);
		const auto lock = static_cast<u64>(map->attr.spin_lock_off);
		const bool at_lock = has_lock(*map) && from < lock + sizeof(u32) && from + size > lock;
		return at_lock ? nullptr : value;
	}
	return nullptr;
}

const u8* machine::reach_core_member(u64 address, u64 size) const noexcept {
	if (!ctx)
		return nullptr;
	const auto inside = [&](const void* object, core_object kind) {
		const u64 offset = address - reinterpret_cast<std::uintptr_t>(object);
		return object && offset < 0x10000 && size <= 0x10000 &&
			   core_readable(kind, static_cast<u32>(offset), static_cast<u32>(size));
	};
	bool found = inside(ctx, core_object::kern_ctx) || inside(ctx->skb, core_object::sk_buff) ||
				 inside(ctx->syn_skb, core_object::sk_buff);
	if (sk_fullsock(ctx->sk))
		found = found || inside(ctx->sk, core_object::sock);
	else if (ctx->sk->skc_state == TCP_NEW_SYN_RECV)
		found = found || inside(ctx->sk, core_object::request_sock) ||
				inside(static_cast<const request_sock*>(ctx->sk)->rsk_listener, core_object::sock);
	else
		found = found || inside(ctx->sk, core_object::timewait_sock);
	return found ? memory_at(address) : nullptr;
}

void machine::remember(void* value, bpf_map& map) noexcept {
	map.tell_observers_of_value(value);
	keep_at_hand(value, map);
}

/// A value with a lock is looked at anew each time.
void machine::keep_at_hand(void* value, const bpf_map& map) noexcept {
	recent = static_cast<u8*>(value);
	recent_size = has_lock(map) ? 0 : map.attr.value_size;
	recent_writable = !(map.attr.map_flags & BPF_F_RDONLY_PROG);
}

void machine::grant_memory(void* base, u64 size, const char* what, bool must_go) noexcept {
	u32 i = 0;
	while (i != grants_used && grants[i].base != base)
		++i;
	for (u32 tried = 0; i == max_grants; ++tried) {
		if (tried == max_grants) {
			fault(at, "more than " + std::to_string(max_grants) + " reserved records at a time");
			return;
		}
		// Room is made in turn: a value of a socket's storage is found again.
		if (const u32 victim = next_victim++ % max_grants; !grants[victim].must_go)
			i = victim;
	}
	grants_used = std::max(grants_used, i + 1);
	grants[i] = {static_cast<u8*>(base), size, what, must_go};
}

bool machine::take_back_record(const void* base) noexcept {
	for (u32 i = 0; i != grants_used; ++i)
		if (grants[i].base == base && grants[i].must_go) {
			grants[i] = grants[--grants_used];
			return true;
		}
	return false;
}

const char* machine::left_to_do() const noexcept {
	if (sections.held_lock)
		return "bpf_spin_unlock() of the bpf_spin_lock that it holds";
	for (u32 i = 0; i != grants_used; ++i)
		if (grants[i].must_go)
			return "having submitted or discarded a record of bpf_ringbuf_reserve()";
	if (dynptrs.holds_record())
		return "having submitted or discarded the dynptr of a ring buffer's record";
	if (const iterator_table::entry* const open = iterators.first())
		return open->of == iterator_table::kind::numbers ? "bpf_iter_num_destroy() of its iterator"
														 : "bpf_iter_bits_destroy() of its iterator";
	return sections.left_to_call();
}

u64 machine::kernel_address(u64 pointer) const noexcept {
	const u64 rest = pointer & pointer_mask;
	switch (kind_of(pointer)) {
	case pointer_kind::ctx:
		return ctx ? reinterpret_cast<std::uintptr_t>(ctx) + (rest - ctx_origin) : pointer;
	case pointer_kind::sock:
	case pointer_kind::tcp_sock:
		return rest;
	default:
		return pointer;
	}
}

} // namespace sockops::vm
