// SPDX-License-Identifier: MIT
// Loads and stores through pointers that lead to no memory: the context and the two views of a socket, whose
// fields are converted as the tables of bpf/ say.

#include <array>
#include <utility>

#include <sockops/bpf/bpf_sock_fields.hpp>
#include <sockops/bpf/ctx_access.hpp>

#include "machine.hpp"

namespace sockops::vm {

namespace {

constexpr u8 no_row = 0xff;
static_assert(std::size(ctx_fields) < no_row);

/// By offset: the row whose element holds that byte. Where names share a place (reply and args), the first.
constexpr auto row_at = [] {
	std::array<u8, bpf_sock_ops_size> rows{};
	for (u8& each : rows)
		each = no_row;
	for (u8 i = 0; i != std::size(ctx_fields); ++i)
		for (u32 at = 0; at != u32{ctx_fields[i].size} * ctx_fields[i].count; ++at)
			if (u8& row = rows[ctx_fields[i].offset + at]; row == no_row)
				row = i;
	return rows;
}();

/// ctx->sk is no address to a program, but its view of the socket.
template <class Field>
u64 as_program_sees(const Field& field, u64 value) noexcept {
	return field.name == "sk" && value != 0 ? make_pointer(pointer_kind::sock, value) : value;
}

constexpr u64 first_bytes(u64 value, u32 size) noexcept {
	return size == 8 ? value : value & ((u64{1} << size * 8) - 1);
}

/// args[0] is reply: beyond the first word the row of args has the index.
u32 index_in(const ctx_field& field, u32 offset) noexcept { return (offset - field.offset) / field.size; }

u64 load_ctx(const bpf_sock_ops_kern& ctx, u32 offset, u32 size) noexcept {
	const ctx_field& field = ctx_fields[row_at[offset]];
	return first_bytes(as_program_sees(field, read_ctx_field(field, ctx, index_in(field, offset))), size);
}

template <std::size_t Offset, u32 Size>
const step* ctx_load(machine& m, const step* at) noexcept {
	constexpr const ctx_field& field = ctx_fields[row_at[Offset]];
	constexpr unsigned index = (Offset - field.offset) / field.size;
	m.regs[at->dst] = first_bytes(as_program_sees(field, read_ctx_field(field, *m.ctx, index)), Size);
	return at + 1;
}
template <std::size_t Offset>
const step* ctx_store(machine& m, const step* at) noexcept {
	constexpr const ctx_field& field = ctx_fields[row_at[Offset]];
	const bool by_register = at->src != 0xff;
	write_ctx_field(field, *m.ctx, static_cast<u32>(by_register ? m.regs[at->src] : at->imm));
	return at + 1;
}

template <std::size_t Offset, u32 Size>
constexpr step_fn load_if_valid() {
	if constexpr (sock_ops_is_valid_access(Offset, Size, false))
		return ctx_load<Offset, Size>;
	return nullptr;
}
template <std::size_t Offset>
constexpr step_fn store_if_valid() {
	if constexpr (sock_ops_is_valid_access(Offset, 4, true))
		return ctx_store<Offset>;
	return nullptr;
}

using by_offset = std::array<step_fn, bpf_sock_ops_size>;
template <u32 Size>
constexpr by_offset loads_of = []<std::size_t... Offset>(std::index_sequence<Offset...>) {
	return by_offset{load_if_valid<Offset, Size>()...};
}
(std::make_index_sequence<bpf_sock_ops_size>{});
constexpr by_offset stores = []<std::size_t... Offset>(std::index_sequence<Offset...>) {
	return by_offset{store_if_valid<Offset>()...};
}
(std::make_index_sequence<bpf_sock_ops_size>{});

template <std::size_t N>
bool load_view(const sock_view_field (&fields)[N], const tcp_sock& sk, u64 offset, u32 size,
			   u64& value) noexcept {
	if (!view_is_valid_access(fields, static_cast<s64>(offset), size))
		return false;
	const sock_view_field* const field = find_view_field(fields, offset);
	const u64 in_field = offset - field->offset;
	const u64 whole = field->read(sk, static_cast<unsigned>(in_field / field->size));
	value = first_bytes(whole >> in_field % field->size * 8, size);
	return true;
}

} // namespace

step_fn ctx_load_step(s32 off, u32 size) noexcept {
	if (off < 0 || off >= static_cast<s32>(bpf_sock_ops_size))
		return nullptr;
	const auto at = static_cast<u32>(off);
	switch (size) {
	case 1:
		return loads_of<1>[at];
	case 2:
		return loads_of<2>[at];
	case 4:
		return loads_of<4>[at];
	default:
		return loads_of<8>[at];
	}
}

step_fn ctx_store_step(s32 off) noexcept {
	return off < 0 || off >= static_cast<s32>(bpf_sock_ops_size) ? nullptr : stores[static_cast<u32>(off)];
}

bool machine::load_typed(u64 pointer, u32 size, u64& value) noexcept {
	const u64 rest = pointer & pointer_mask;
	switch (kind_of(pointer)) {
	case pointer_kind::ctx: {
		const u64 offset = rest - ctx_origin;
		if (!ctx || offset >= bpf_sock_ops_size ||
			!sock_ops_is_valid_access(static_cast<s32>(offset), size, false))
			return false;
		value = load_ctx(*ctx, static_cast<u32>(offset), size);
		return true;
	}
	case pointer_kind::sock:
	case pointer_kind::tcp_sock: {
		sock_common* const sk = ctx && sk_fullsock(ctx->sk) ? ctx->sk : nullptr;
		const u64 offset = rest - reinterpret_cast<std::uintptr_t>(sk);
		if (!sk)
			return false;
		const auto& tp = static_cast<const tcp_sock&>(*sk);
		return kind_of(pointer) == pointer_kind::sock
				   ? load_view(bpf_sock_fields, tp, offset, size, value)
				   : load_view(bpf_tcp_sock_fields, tp, offset, size, value);
	}
	default:
		return false;
	}
}

bool machine::store_typed(u64 pointer, u32 size, u64 value) noexcept {
	const u64 offset = (pointer & pointer_mask) - ctx_origin;
	if (kind_of(pointer) != pointer_kind::ctx || !ctx || offset >= bpf_sock_ops_size ||
		!sock_ops_is_valid_access(static_cast<s32>(offset), size, true))
		return false;
	write_ctx_field(ctx_fields[row_at[offset]], *ctx, static_cast<u32>(value));
	return true;
}

} // namespace sockops::vm
