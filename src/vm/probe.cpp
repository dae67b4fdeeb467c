// SPDX-License-Identifier: MIT
#include "probe.hpp"

#include <cerrno>
#include <cstring>

#include <sockops/bpf/bpf_sock_fields.hpp>
#include <sockops/bpf/bpf_sock_ops_fields.hpp>
#include <sockops/vm/core_types.hpp>

namespace sockops::vm {

namespace {

/// A pointer's own bytes are of no use in parts: whoever asks for some wants what the program's view has
/// there.
bool is_part_of_pointer(u64 offset, u32 size) noexcept {
	for (const core_member& row : core_members())
		if (std::string_view(row.type) == "bpf_sock_ops_kern" && offset >= row.offset &&
			offset < row.offset + row.size && std::string_view(row.member_type).ends_with('*'))
			return size != row.size;
	return false;
}

std::string ctx_field_at(u64 offset) {
	for (const ctx_field& field : ctx_fields)
		if (offset >= field.offset && offset < field.offset + u64{field.size} * field.count)
			return std::string(field.name);
	return {};
}

/// The program's view that a pointer is of, the field there, and what a kernel has in its place.
struct view {
	const char *type, *kernel_type;
	std::string field;
	u64 offset;
};

view view_of(const machine& m, u64 pointer) {
	const u64 rest = pointer & pointer_mask;
	if (kind_of(pointer) == pointer_kind::ctx)
		return {"bpf_sock_ops", "bpf_sock_ops_kern", ctx_field_at(rest - ctx_origin), rest - ctx_origin};
	const u64 offset = rest - (m.ctx ? reinterpret_cast<std::uintptr_t>(m.ctx->sk) : 0);
	const bool tcp = kind_of(pointer) == pointer_kind::tcp_sock;
	const sock_view_field* const field =
		tcp ? find_view_field(bpf_tcp_sock_fields, offset) : find_view_field(bpf_sock_fields, offset);
	return {tcp ? "bpf_tcp_sock" : "bpf_sock", tcp ? "tcp_sock" : "sock",
			field ? std::string(field->name) : std::string(), offset};
}

void refuse(machine& m, u32 size, u64 from, const char* helper) {
	const view of = view_of(m, from);
	m.fault(
		m.at,
		std::string(helper) + "(): " + std::to_string(size) + " bytes at offset " +
			std::to_string(static_cast<s64>(of.offset)) + " of struct " + of.type +
			(of.field.empty() ? "" : ", where " + of.field + " is") + ": a kernel has its own struct " +
			of.kernel_type + " in that place and gives whatever lies there; " +
			(of.field.empty() ? std::string("there is no such field") : "read " + of.field + " directly"));
}

bool is_view(u64 pointer) noexcept {
	const pointer_kind kind = kind_of(pointer);
	return kind == pointer_kind::ctx || kind == pointer_kind::sock || kind == pointer_kind::tcp_sock;
}

/// nullptr: no memory; a fault has been noted if it is a view that does not lead to a member.
const u8* probe(machine& m, u64 from, u32 size, const char* helper) noexcept {
	if (!is_view(from))
		return m.reach_elsewhere(from, size, access::read);
	const bool part =
		kind_of(from) == pointer_kind::ctx && is_part_of_pointer((from & pointer_mask) - ctx_origin, size);
	const u8* const member = part ? nullptr : m.reach_core_member(m.kernel_address(from), size);
	if (!member)
		refuse(m, size, from, helper);
	return member;
}

/// A kernel looks first whether it can be an address of its own at all.
int no_memory(u64 address) noexcept {
	constexpr u64 first_of_kernel = 0xffff'8000'0000'0000;
	return address >= first_of_kernel ? -EFAULT : -ERANGE;
}

} // namespace

int probe_read(machine& m, u8* to, u32 size, u64 from, const char* helper) noexcept {
	if (size == 0)
		return 0;
	const u8* const bytes = probe(m, from, size, helper);
	if (bytes)
		std::memmove(to, bytes, size);
	else
		std::memset(to, 0, size);
	return bytes ? 0 : no_memory(from);
}

int probe_read_string(machine& m, u8* to, u32 size, u64 from, const char* helper) noexcept {
	u32 n = 0;
	for (; n + 1 < size; ++n) {
		const u8* const byte = probe(m, from + n, 1, helper);
		if (!byte) {
			std::memset(to, 0, size);
			return n == 0 ? no_memory(from) : -EFAULT;
		}
		to[n] = *byte;
		if (to[n] == 0)
			return static_cast<int>(n) + 1;
	}
	if (size != 0)
		to[n] = 0;
	return static_cast<int>(size);
}

} // namespace sockops::vm
