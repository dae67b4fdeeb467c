// SPDX-License-Identifier: MIT
// What a helper has written of a watched program's memory: by its prototype, and for the few whose prototype
// does not say it all, by name.
#include <algorithm>
#include <array>
#include <cerrno>

#include "operations.hpp"
#include "watched_machine.hpp"

namespace sockops::vm {

namespace {

using helper::argument_kind;
using what = argument_kind::what;
using use = argument_kind::use;

/// The bytes that a dynptr shows from `offset`; 0: it is null.
u64 dynptr_byte(watched_machine& m, u64 where, u64 offset) noexcept {
	const dynptr_table::entry* const of = m.dynptrs.find(where);
	return of && of->bytes.base ? reinterpret_cast<std::uintptr_t>(of->bytes.data()) + offset : 0;
}

/// What could not be read is written as zeroes.
void note_probe_into_dynptr(watched_machine& m, const std::array<u64, 6>& given) noexcept {
	const auto r0 = static_cast<s32>(m.regs[0]); // an int of C
	const u64 to = dynptr_byte(m, given[1], given[2]);
	const auto size = static_cast<u32>(given[3]);
	if (!to || r0 == -E2BIG)
		return;
	if (r0 < 0)
		m.set_written(to, size);
	else
		m.copy_shadow(to, given[4], r0 ? static_cast<u64>(r0) : size);
}

/// The digits, and what ended them.
void check_number_text(watched_machine& m, const std::array<u64, 6>& given) noexcept {
	const auto taken = static_cast<s64>(m.regs[0]);
	const u64 read = std::min<u64>(given[2], taken > 0 ? static_cast<u64>(taken) + 1 : 1);
	if (m.has_unwritten(given[1], read))
		m.found_in_memory(m.now, given[1], read, "number in a text", "the helper reads whatever is there");
}

/// What prototypes do not say.
struct named_result {
	std::string_view name;
	void (*note)(watched_machine& m, const std::array<u64, 6>& given) noexcept;
};
constexpr named_result named_results[] = {
	{"bpf_ringbuf_reserve",
	 [](watched_machine& m, const std::array<u64, 6>& given) noexcept {
		 if (m.regs[0])
			 m.fill_record(reinterpret_cast<void*>(static_cast<std::uintptr_t>(m.regs[0])), given[2]);
	 }},
	{"bpf_ringbuf_reserve_dynptr",
	 [](watched_machine& m, const std::array<u64, 6>& given) noexcept {
		 const dynptr_table::entry* const made = m.dynptrs.find(given[4]);
		 if (made && made->bytes.base)
			 m.fill_record(made->bytes.base, made->whole);
	 }},
	{"bpf_dynptr_read",
	 [](watched_machine& m, const std::array<u64, 6>& given) noexcept {
		 if (const u64 from = m.regs[0] == 0 ? dynptr_byte(m, given[3], given[4]) : 0)
			 m.copy_shadow(given[1], from, static_cast<u32>(given[2]));
	 }},
	{"bpf_dynptr_write",
	 [](watched_machine& m, const std::array<u64, 6>& given) noexcept {
		 if (const u64 to = m.regs[0] == 0 ? dynptr_byte(m, given[1], given[2]) : 0)
			 m.set_written(to, static_cast<u32>(given[4]));
	 }},
	{"bpf_dynptr_memset",
	 [](watched_machine& m, const std::array<u64, 6>& given) noexcept {
		 if (const u64 to = m.regs[0] == 0 ? dynptr_byte(m, given[1], given[2]) : 0)
			 m.set_written(to, static_cast<u32>(given[3]));
	 }},
	{"bpf_dynptr_copy",
	 [](watched_machine& m, const std::array<u64, 6>& given) noexcept {
		 const u64 to = m.regs[0] == 0 ? dynptr_byte(m, given[1], given[2]) : 0;
		 for (u64 i = 0; to && i != m.moved.size(); ++i)
			 m.store_shadow(to + i, 1, m.moved[i]);
	 }},
	{"bpf_probe_read_kernel_dynptr", note_probe_into_dynptr},
	{"bpf_probe_read_kernel_str_dynptr", note_probe_into_dynptr},
	{"bpf_probe_read_user_dynptr", note_probe_into_dynptr},
	{"bpf_probe_read_user_str_dynptr", note_probe_into_dynptr},
	{"bpf_map_update_elem",
	 [](watched_machine& m, const std::array<u64, 6>& given) noexcept {
		 bpf_map& map = *m.prog->maps[given[1] & pointer_mask].get();
		 const u32 size = map.attr.value_size;
		 // A lookup changes an LRU_HASH: there the content tells.
		 if (m.regs[0] != 0 || map.attr.map_type == BPF_MAP_TYPE_LRU_HASH ||
			 (all_values().empty() && !m.has_unwritten(given[3], size)))
			 return;
		 const u8* const key = m.reach(given[2], map.attr.key_size, access::read);
		 if (const void* const value = key ? map.lookup_elem(key) : nullptr)
			 m.copy_shadow(reinterpret_cast<std::uintptr_t>(value), given[3], size);
	 }},
	{"bpf_sk_storage_get",
	 [](watched_machine& m, const std::array<u64, 6>& given) noexcept {
		 const u32 size = m.prog->maps[given[1] & pointer_mask].get()->attr.value_size;
		 if (m.regs[0] == 0 || m.storage_was_there)
			 return;
		 m.set_written(m.regs[0], size);
		 if (given[3])
			 m.copy_shadow(m.regs[0], given[3], size);
	 }},
	{"bpf_strtol", check_number_text},
	{"bpf_strtoul", check_number_text},
};

/// How much of `room` bytes the call has written: of a text what there is up to its NUL, and of a header
/// option what was found.
u64 written_of(std::string_view name, const argument_kind& kind, u64 r0, u64 room) noexcept {
	const auto returned = static_cast<s64>(r0);
	if (name == "bpf_dynptr_read" && returned != 0)
		return 0;
	if (kind.bytes == use::searched)
		return returned > 0 ? std::min(r0, room) : returned == -ENOSPC ? room : 0;
	if (name == "bpf_snprintf" && returned < 0)
		return 0;
	const bool is_text = name.ends_with("_str") || name == "bpf_snprintf";
	return is_text && returned > 0 ? std::min(r0, room) : room;
}

/// Bytes at an argument that is written; `given`: r0 to r5 as they were.
u64 room_of(watched_machine& m, const argument_kind& kind, u32 argument,
			const std::array<u64, 6>& given) noexcept {
	if (kind.is == what::memory)
		return static_cast<u32>(given[argument + 2]);
	return kind.is == what::value ? m.prog->maps[given[1] & pointer_mask].get()->attr.value_size : kind.width;
}

} // namespace

void note_results(watched_machine& m, const watched_step& of, const std::array<u64, 6>& given) noexcept {
	if (!of.callee)
		return;
	const u64 r0 = m.regs[0];
	for (u32 i = 0; i != of.callee->count; ++i) {
		const argument_kind& each = of.callee->arguments[i];
		if (each.bytes == use::written || each.bytes == use::searched)
			m.set_written(given[i + 1], written_of(of.callee->name, each, r0, room_of(m, each, i, given)));
		else if (each.bytes == use::copied && of.callee->arguments[0].bytes == use::written &&
				 static_cast<s64>(r0) >= 0)
			m.copy_shadow(given[1], given[i + 1], r0 ? r0 : static_cast<u32>(given[2]));
	}
	for (const named_result& each : named_results)
		if (each.name == of.callee->name)
			each.note(m, given);
}

} // namespace sockops::vm
