// SPDX-License-Identifier: MIT
#include "memory.hpp"

#include <cstring>

#include <sockops/bpf/bpf_sock_fields.hpp>
#include <sockops/bpf/ctx_access.hpp>

#include "../access_rules.hpp"
#include "../constant_map.hpp"
#include "../instruction_words.hpp"
#include "rules.hpp"
#include "words.hpp"

namespace sockops::vm::check {

namespace {

/// Where the first byte can lie: the lowest and the highest place.
struct places {
	s64 low, high;
};

constexpr s64 far = s64{1} << 40; ///< farther than anything leads

s64 near(s64 value) noexcept { return std::clamp(value, -far, far); }

places places_of(const known& base, s64 off) noexcept {
	return {base.fixed + off + near(base.values.least()), base.fixed + off + near(base.values.greatest())};
}

std::string bytes_in_words(u64 size) { return std::to_string(size) + (size == 1 ? " byte" : " bytes"); }

std::string access_in_words(use how, u64 size) {
	return std::string(how == use::load    ? "reads "
					   : how == use::store ? "writes "
										   : "an atomic operation on ") +
		   bytes_in_words(size);
}

/// Each instruction leads to the context on every way, or on none.
objection rule_of_kinds(subject& of, const path& on, const known& base) {
	holds& before = of.leads_to[on.at];
	if (before == holds::unset)
		before = base.is;
	if ((before == holds::context) == (base.is == holds::context))
		return {};
	return broken(rules::pointer_kinds,
				  "same insn cannot be used with different pointers: on one way it leads to the context, on "
				  "another to something else",
				  {}, EINVAL);
}

objection rule_of_room(const subject& of, const known& base, s64 off, u64 size, u64 room, use how) {
	known fixed = base; // of a packet what is there was found out for this very place
	if (base.is == holds::packet)
		fixed.values = one(0);
	const places at = places_of(fixed, off);
	if (at.low >= 0 && at.high + static_cast<s64>(size) <= static_cast<s64>(room))
		return {};
	known there = base;
	there.fixed = 0;
	there.values = one(0);
	there.varies = false;
	const rule& which = base.is == holds::packet ? rules::packet_bounds : rules::value_bounds;
	return broken(which, "invalid access to " + in_words(of, there) + ": " + access_in_words(how, size) +
							 " " + place_in_words(base, off) + " of " + std::to_string(room));
}

objection rule_of_map_value(const subject& of, const known& base, s64 off, u64 size, use how) {
	const bpf_map_attr& map = of.map(base.which);
	if (objection wrong = how == use::load ? objection{} : rule_of_writing(map))
		return wrong;
	if (how != use::store && (map.map_flags & BPF_F_WRONLY_PROG))
		return broken(rules::write_only,
					  "read from map '" + map.map_name + "' forbidden: programs only write to it");
	if (objection wrong = rule_of_room(of, base, off, size, map.value_size, how))
		return wrong;
	const places at = places_of(base, off);
	const s64 lock = map.spin_lock_off;
	if (lock >= 0 && at.low < lock + 4 && at.high + static_cast<s64>(size) > lock && !base.varies)
		return broken(rules::lock, "bpf_spin_lock cannot be accessed directly by load/store",
					  "only bpf_spin_lock() and bpf_spin_unlock() touch it", EINVAL);
	return {};
}

bool is_aligned(const known& base, s64 off, u64 size) noexcept {
	const auto part = [&](u64 value) { return value % size == 0; };
	return part(static_cast<u64>(base.fixed + off) + base.values.first) &&
		   (base.values.is_one() || part(base.values.step));
}

objection rule_of_stack_bounds(const places& at, u64 size) {
	const s64 lowest = -s64{max_bpf_stack}, highest = -static_cast<s64>(size);
	if (at.low >= lowest && at.high <= highest)
		return {};
	const auto most = static_cast<u32>(std::min<u64>(size, max_bpf_stack + 1));
	return broken(rules::stack_bounds, why_not_in_frame(at.low < lowest ? at.low : at.high, most));
}

objection rule_of_stack(const known& base, s64 off, u32 size) {
	const places at = places_of(base, off);
	if (objection wrong = rule_of_stack_bounds(at, size))
		return wrong;
	if (!is_aligned(base, off, size))
		return broken(rules::stack_alignment, "misaligned stack access: " + bytes_in_words(size) +
												  " at r10 " + (at.low < 0 ? "- " : "+ ") +
												  std::to_string(at.low < 0 ? -at.low : at.low));
	return {};
}

/// A part of a field of struct bpf_sock, or a whole one of struct bpf_tcp_sock.
objection rule_of_view(const subject& of, const known& base, s64 off, u32 size, use how) {
	if (how != use::load)
		return broken(rules::read_only, "cannot write into " + in_words(of, base),
					  "options are set by bpf_setsockopt(), the context's fields alone can be written");
	const s64 at = base.fixed + off;
	const bool fits =
		base.is == holds::sock ? bpf_sock_is_valid_access(at, size) : bpf_tcp_sock_is_valid_access(at, size);
	if (fits)
		return {};
	return broken(rules::socket_access, "invalid access to " + in_words(of, base) + ": reads " +
											bytes_in_words(size) + " at offset " + std::to_string(at));
}

objection rule_of_context(const known& base, s64 off, u32 size, use how) {
	if (base.has_moved())
		return broken(rules::context_moved, "dereference of modified ctx ptr: " + access_in_words(how, size) +
												" " + place_in_words(base, off) +
												" of a pointer that was moved there");
	if (how == use::atomic)
		return broken(rules::context_access, "an atomic operation on the context is not allowed");
	if (ctx_has(off, size, how == use::store))
		return {};
	return broken(rules::context_access, why_not_in_ctx(off, size, how == use::store));
}

/// What is broken by an access where `reg` leads; nothing of how it is on the stack.
objection rule_of_access(subject& of, path& on, u32 reg, s64 off, u32 size, use how) {
	const known& base = on.regs[reg];
	if (base.is == holds::anything)
		return {};
	if (base.is == holds::number)
		return broken(rules::number_as_address,
					  register_in_words(reg) + " invalid mem access 'scalar': it is " + in_words(of, base));
	if (objection wrong = rule_of_kinds(of, on, base))
		return wrong;
	if (base.may_be_null)
		return broken(rules::null_test, register_in_words(reg) + " is " + in_words(of, base));
	const auto forbidden = [&](const char* remedy) {
		return broken(rules::read_only, access_in_words(how, size) + " of " + in_words(of, base), remedy);
	};
	switch (base.is) {
	case holds::context:
		return rule_of_context(base, off, size, how);
	case holds::frame:
		return rule_of_stack(base, off, size);
	case holds::map_value: {
		objection wrong = rule_of_map_value(of, base, off, size, how);
		if (!wrong && how == use::load && !base.varies && is_constant(*of.attr.maps[base.which].get()))
			wrong = rule_of_elements(of, base);
		return wrong;
	}
	case holds::record:
	case holds::memory:
		return rule_of_room(of, base, off, size, base.which, how);
	case holds::key:
		return how == use::load ? rule_of_room(of, base, off, size, base.which, how)
								: forbidden("a key of a map can only be read: copy it");
	case holds::packet:
		return how == use::load ? rule_of_room(of, base, off, size, base.which, how)
								: forbidden("the header can only be read; options are written by "
											"bpf_store_hdr_opt()");
	case holds::sock:
	case holds::tcp_sock:
		return rule_of_view(of, base, off, size, how);
	case holds::kernel_object:
		return how == use::load ? objection{} : forbidden("objects of the kernel can only be read");
	case holds::map:
		return how == use::load ? objection{} : forbidden("the fields of a map can only be read");
	default:
		return broken(rules::read_only,
					  access_in_words(how, size) + " of " + in_words(of, base) +
						  ", which leads to nothing that can be accessed",
					  "compare it, or pass it on");
	}
}

/// What a map holds for good: frozen, and read-only to programs.
std::optional<u64> constant_in(const subject& of, const known& base, s64 off, u32 size) {
	bpf_map& map = *of.attr.maps[base.which].get();
	const s64 from = base.fixed + off;
	if (base.varies || !is_constant(map) || from < 0 || from + size > s64{map.attr.value_size} ||
		!map.area().in_code)
		return std::nullopt;
	u64 value = 0;
	std::memcpy(&value, map.area().base + from, size); // little-endian, as the machines this is for
	return value;
}

/// Of a field of the context.
consteval s64 offset_of(std::string_view name) {
	for (const ctx_field& field : ctx_fields)
		if (field.name == name)
			return field.offset;
	throw "there is no such field";
}

known loaded_from_context(subject& of, s64 at, u32 size) {
	if (at == offset_of("sk")) {
		known sk = pointer(holds::sock);
		sk.may_be_null = true;
		sk.id = of.new_id();
		return sk;
	}
	if (at == offset_of("skb_data")) {
		known data = pointer(holds::packet);
		data.id = subject::id_of_packets;
		return data;
	}
	if (at == offset_of("skb_data_end"))
		return pointer(holds::packet_end);
	return number(all_of(size * 8));
}

/// nullopt: a part of a pointer.
std::optional<known> loaded(subject& of, path& on, const known& base, s64 off, u32 size) {
	switch (base.is) {
	case holds::context:
		return loaded_from_context(of, off, size);
	case holds::frame:
		if (base.varies)
			return not_known;
		return on.frames[base.which].stack.load(base.fixed + off, size);
	case holds::map_value:
		if (const std::optional<u64> value = constant_in(of, base, off, size))
			return number(*value);
		return number(all_of(size * 8));
	case holds::kernel_object: // 8 bytes may be another pointer
		return size == 8 ? not_known : number(all_of(size * 8));
	case holds::map:
	case holds::anything:
		return not_known;
	default:
		return number(all_of(size * 8));
	}
}

/// Of a number that stays the same, a copy. A kernel takes others for copies, too.
known extended(const known& value, u32 size) {
	if (value.is != holds::number || value.values.last() < u64{1} << (size * 8 - 1))
		return value;
	if (value.id != 0)
		return not_known;
	const bool is_any = value.values == all_of(size * 8); // of which 0 and -1 are two
	known made = number(is_any ? some_values{0, ~u64{0}, 1} : sign_extended(value.values, size));
	made.varies = made.varies || value.varies;
	return made;
}

bool lies_on_stack(const known& base) noexcept { return base.is == holds::frame && !base.varies; }

objection rule_of_stored(const path& on, const known& base, const known& value, u32 size) {
	if (base.is != holds::frame || !value.is_pointer())
		return {};
	if (size != 8)
		return broken(rules::stack_pointer_part, "a part of a pointer is stored on the stack");
	if (value.is == holds::frame && value.which == on.depth() && base.which != on.depth())
		return broken(rules::stack_leak, "a function's own stack is stored in its caller's", {}, EINVAL);
	return {};
}

} // namespace

objection rule_of_writing(const bpf_map_attr& map) {
	if (!(map.map_flags & BPF_F_RDONLY_PROG))
		return {};
	return broken(rules::read_only, "write into map '" + map.map_name + "' forbidden: programs only read it",
				  "make the map without BPF_F_RDONLY_PROG, the variable without const");
}

objection rule_of_elements(const subject& of, const known& value) {
	const bpf_map_attr& map = of.map(value.which);
	if (map.map_type != BPF_MAP_TYPE_ARRAY || map.max_entries == 1)
		return {};
	constexpr int not_supported = 524; // the kernel's own ENOTSUPP
	return broken(
		rules::direct_value,
		"map '" + map.map_name + "' has " + std::to_string(map.max_entries) +
			" elements: only of an array of one may a program have the address, or what is there for good",
		"look the element up, in a map that is not both frozen and BPF_F_RDONLY_PROG", not_supported);
}

objection look_at_load(subject& of, path& on, bpf_insn insn) {
	const u32 size = insn_size::bytes(insn.code);
	const known base = on.regs[insn.src_reg];
	if (objection wrong = rule_of_access(of, on, insn.src_reg, insn.off, size, use::load))
		return wrong;
	std::optional<known> value = loaded(of, on, base, insn.off, size);
	if (!value)
		return broken(rules::stack_pointer_part, "a part of a pointer is loaded from the stack");
	if ((insn.code & insn_mode::mask) == insn_mode::memsx)
		value = extended(*value, size);
	on.regs[insn.dst_reg] = *value;
	return {};
}

objection look_at_store(subject& of, path& on, bpf_insn insn) {
	const u32 size = insn_size::bytes(insn.code);
	const known base = on.regs[insn.dst_reg];
	const bool by_register = class_of(insn) == insn_class::stx;
	if (by_register && on.regs[insn.src_reg].is == holds::number && on.regs[insn.src_reg].id == 0)
		give_identity(of, on.regs[insn.src_reg]);
	const known value = by_register ? on.regs[insn.src_reg] : number(static_cast<u64>(s64{insn.imm}));
	if (objection wrong = rule_of_access(of, on, insn.dst_reg, insn.off, size, use::store))
		return wrong;
	if (objection wrong = rule_of_stored(on, base, value, lies_on_stack(base) ? size : 8))
		return wrong;
	if (lies_on_stack(base))
		on.frames[base.which].stack.store(base.fixed + insn.off, size, value);
	else
		note_written(on, base, insn.off, size, false);
	return {};
}

objection look_at_atomic(subject& of, path& on, bpf_insn insn) {
	const bool acquires = insn.imm == atomic_op::load_acq, releases = insn.imm == atomic_op::store_rel;
	const u32 reg = acquires ? insn.src_reg : insn.dst_reg;
	const u32 size = insn_size::bytes(insn.code);
	const known base = on.regs[reg];
	if (base.is == holds::key || base.is == holds::map)
		return broken(rules::read_only, access_in_words(use::atomic, size) + " of " + in_words(of, base),
					  "copy it first");
	if (base.is == holds::frame && !base.values.is_one())
		return broken(rules::stack_bounds, "an atomic operation at a place of the stack that is not one");
	if (objection wrong = rule_of_access(of, on, reg, insn.off, size, use::atomic))
		return wrong;
	const bool is_memory =
		base.is == holds::map_value || base.is == holds::record || base.is == holds::memory;
	if (is_memory && !is_aligned(base, insn.off, size))
		return broken(rules::atomic_alignment, "misaligned access: an atomic operation on " +
												   bytes_in_words(size) + " " +
												   place_in_words(base, insn.off));
	if (acquires)
		return look_at_load(of, on, insn);
	if (releases)
		return look_at_store(of, on, insn);
	const std::optional<known> before = loaded(of, on, base, insn.off, size);
	note_written(on, base, insn.off, size, true);
	known& fetched = on.regs[insn.imm == atomic_op::cmpxchg ? 0u : u32{insn.src_reg}];
	if (insn.imm & atomic_op::fetch)
		fetched = before ? *before : not_known;
	return {};
}

objection look_at_memory(subject& of, path& on, u32 reg, u64 size, bool writes) {
	const known& base = on.regs[reg];
	const use how = writes ? use::store : use::load;
	if (base.is == holds::anything || size == 0)
		return {};
	switch (base.is) {
	case holds::frame: {
		const places at = places_of(base, 0);
		return rule_of_stack_bounds(at, size);
	}
	case holds::map_value:
		return rule_of_map_value(of, base, 0, size, how);
	case holds::record:
	case holds::memory:
	case holds::key:
		return rule_of_room(of, base, 0, size, base.which, how);
	default:
		return {};
	}
}

void note_written(path& on, const known& base, s64 off, u64 size, bool with_numbers) {
	if (base.is == holds::anything) { // wherever that is
		for (call_frame& frame : on.frames)
			frame.stack.overwrite(-s64{max_bpf_stack}, max_bpf_stack, false);
		return;
	}
	if (base.is != holds::frame)
		return;
	const places at = places_of(base, off);
	const s64 from = std::max<s64>(at.low, -s64{max_bpf_stack});
	const s64 end = std::min<s64>(at.high + static_cast<s64>(size), 0);
	if (from < end)
		on.frames[base.which].stack.overwrite(from, static_cast<u64>(end - from),
											  with_numbers && !base.varies);
}

} // namespace sockops::vm::check
