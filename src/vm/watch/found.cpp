// SPDX-License-Identifier: MIT
// What is found, in words: which bytes, of which variable, and what comes of it.
#include <algorithm>
#include <cstdio>

#include <sockops/bpf/bpf_finding.hpp>
#include <sockops/net/observer.hpp>
#include <sockops/net/sock.hpp>

#include "watched_machine.hpp"

namespace sockops::vm {

namespace {

bool is_padding(const padding_bytes& padding, u64 byte) noexcept {
	return byte < padding.size() && padding[byte];
}

u64 as_number(const void* address) noexcept { return reinterpret_cast<std::uintptr_t>(address); }

void tell_observers_of(const bpf_sock_ops_kern& ctx, const bpf_finding& finding) noexcept {
	const net_watch* const observers = sock_observers(ctx.sk);
	if (!detail::kept_by_an_observer(observers, [&](net_observer& who) { return who.finding(finding); }))
		std::fprintf(stderr, "sockops: found: %s\n", finding.message.c_str());
}

} // namespace

watched_machine::unwritten_byte watched_machine::look_at(u64 address) noexcept {
	const std::optional<u32> in_frame = frame_byte(address, 1);
	const record_shadow* const record = in_frame ? nullptr : records.find(address, 1);
	if (in_frame || record) {
		const byte_shadow& in = in_frame ? frames : static_cast<const byte_shadow&>(*record);
		const u64 byte = in_frame ? *in_frame : address - record->base;
		const origin_id from = in.origin(byte);
		return {in.undefined(byte) != 0, from ? in_words(origins[from]) : std::string()};
	}
	if (kind_of(address) != pointer_kind::memory || all_values().empty())
		return {};
	const u8* const where = reach_elsewhere(address, 1, access::read);
	const value_shadow::byte found = where ? all_values().load(where) : value_shadow::byte{};
	return {found.undefined != 0, found.undefined ? all_values().text_of(found.text) : std::string()};
}

bool watched_machine::has_unwritten(u64 address, u64 size, const padding_bytes& padding) noexcept {
	const std::optional<u32> in_frame = frame_byte(address, size);
	const record_shadow* const record = in_frame ? nullptr : records.find(address, size);
	if (!in_frame && !record && (kind_of(address) != pointer_kind::memory || all_values().empty()))
		return false;
	const u8* const value = in_frame || record ? nullptr : reach_elsewhere(address, size, access::read);
	const auto undefined = [&](u64 i) {
		return in_frame ? frames.undefined(*in_frame + i)
			   : record ? record->undefined(address - record->base + i)
						: all_values().load(value + i).undefined;
	};
	for (u64 i = 0; (in_frame || record || value) && i != size; ++i)
		if (!is_padding(padding, i) && undefined(i))
			return true;
	return false;
}

void watched_machine::text_is_read(u64 address) noexcept {
	if (!has_unwritten(address, 1))
		return;
	const helper::call_prototype* const callee = prog->watched->steps[prog->insn_of(at)].callee;
	found_in_memory(at, address, 1, std::string("a string of ").append(callee->name).append("()"),
					"the helper reads whatever is there");
}

/// The bytes from `first` to `last`, addresses: which they are of what.
named_bytes watched_machine::name_of(u64 first, u64 last) {
	if (const std::optional<u32> byte = frame_byte(first, 1)) {
		const auto from_r10 = static_cast<s32>(*byte % max_bpf_stack) - static_cast<s32>(max_bpf_stack);
		return name_frame_bytes(place_in_frame(*byte / max_bpf_stack), from_r10,
								static_cast<u32>(last - first + 1));
	}
	const auto within = [&](u64 base, std::string of) {
		return named_bytes{from_to(static_cast<s64>(first - base), static_cast<s64>(last - base)),
						   std::move(of)};
	};
	for (u32 i = 0; i != grants_used; ++i)
		if (const u64 base = as_number(grants[i].base); first - base < grants[i].size)
			return within(base, grants[i].what);
	for (const dynptr_table::entry& each : dynptrs)
		if (const u64 base = as_number(each.bytes.base); base && first - base < each.whole)
			return within(base, "the memory of a dynptr");
	bpf_map* map = nullptr;
	if (const u8* const value = reach_value(first, 1, map))
		return within(as_number(value), "a value of '" + map->attr.map_name + "'");
	return within(first, "memory");
}

/// The first three pieces that nobody wrote: "bytes 5 to 7 and bytes 13 to 15 of 't' (tuple.bpf.c:29)".
std::string watched_machine::bytes_in_words(u64 address, u64 size, const padding_bytes& padding) {
	constexpr u32 most = 3;
	std::vector<named_bytes> pieces;
	for (u64 byte = address; byte != address + size && pieces.size() != most; ++byte) {
		const unwritten_byte first = look_at(byte);
		if (!first.is || is_padding(padding, byte - address))
			continue;
		const u64 begin = byte;
		while (byte + 1 != address + size) {
			const unwritten_byte next = look_at(byte + 1);
			if (!next.is || next.from != first.from || is_padding(padding, byte + 1 - address))
				break;
			++byte;
		}
		pieces.push_back(name_of(begin, byte));
		if (!first.from.empty())
			pieces.back().of.append(", which come from ").append(first.from).append(",");
	}
	return in_words(pieces);
}

std::string watched_machine::words_of(const shadow& bits, u32 reg) {
	return bits.origin ? in_words(origins[bits.origin])
					   : std::string("register r").append(std::to_string(reg));
}

void watched_machine::found_bits(const step* where, const shadow& bits, const std::string& reader,
								 const char* what_comes) noexcept {
	tell(where, reader, words_of(bits, 0), what_comes);
}
void watched_machine::found_in_register(const step* where, u32 number, const std::string& reader,
										const char* what_comes) noexcept {
	tell(where, reader, words_of(shadows[number], number), what_comes);
}
void watched_machine::found_in_memory(const step* where, u64 address, u64 size, const std::string& reader,
									  const char* what_comes, const padding_bytes& padding) noexcept {
	tell(where, reader, bytes_in_words(address, size, padding), what_comes);
}

void watched_machine::tell(const step* where, const std::string& reader, const std::string& bytes,
						   const char* what_comes) noexcept {
	const std::pair<code_place, std::string> key{place(where), reader};
	if (std::ranges::find(told_, key) != told_.end())
		return;
	told_.push_back(key);
	const bool is_one = !bytes.starts_with("bytes ") && bytes.find(" and ") == bytes.npos;
	std::string message = place_in_words(prog->name_text, prog->lines, key.first.insn);
	message.append(reader)
		.append(": ")
		.append(bytes)
		.append(is_one ? " was never written; " : " were never written; ")
		.append(what_comes);
	if (ctx)
		tell_observers_of(*ctx, {prog, key.first.insn, std::move(message)});
}

} // namespace sockops::vm
