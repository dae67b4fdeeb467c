// SPDX-License-Identifier: MIT
// What a helper reads of a watched program's memory and registers, and what it writes: by its prototype, and
// for the few whose prototype does not say it all, by name.
#include <algorithm>
#include <array>
#include <cerrno>

#include <sockops/hook/printk.hpp>
#include <sockops/hook/sockopt.hpp>

#include "operations.hpp"
#include "watched_machine.hpp"

namespace sockops::vm {

namespace {

using helper::argument_kind;
using what = argument_kind::what;
using use = argument_kind::use;

/// The call that is about to be made.
class call_of {
  public:
	call_of(watched_machine& m, const helper::call_prototype& callee, const step* at) noexcept
		: m_(m), callee_(callee), at_(at) {}

	void check() noexcept {
		for (u32 i = 0; i != callee_.count; ++i) {
			const argument_kind& each = callee_.arguments[i];
			if (each.is == what::unused)
				continue;
			check_register(i, each);
			if (each.is == what::map)
				map_ = map_at(i);
			check_bytes(i, each);
		}
		if (callee_.name == "bpf_trace_printk")
			check_printed_words();
	}

  private:
	u64 value(u32 argument) const noexcept { return m_.regs[argument + 1]; }
	const bpf_map* map_at(u32 argument) const noexcept {
		const u64 index = value(argument) & pointer_mask;
		return index < m_.prog->maps.size() ? m_.prog->maps[index].get() : nullptr;
	}

	/// "'flags' of bpf_map_update_elem()"
	std::string named(u32 argument) const {
		const c_prototype text = parse_prototype(helper::text_of(callee_.name));
		std::string words("'");
		words.append(argument < text.count ? text.arguments[argument].name : std::string_view("…"));
		return words.append("' of ").append(callee_.name).append("()");
	}
	static std::string of_map(const char* reader, const bpf_map* map) {
		std::string words(reader);
		return map ? words.append(" of '").append(map->attr.map_name).append("'") : words;
	}

	void check_register(u32 argument, const argument_kind& each) noexcept {
		const bool is_wide = each.is_pointer() || each.width == 8;
		const u64 matter = is_wide ? ~u64{0} : (u64{1} << each.width * 8) - 1;
		if (m_.shadows[argument + 1].undefined & matter)
			m_.found_in_register(at_, argument + 1, named(argument), "the helper takes whatever is there");
	}

	void check_bytes(u32 argument, const argument_kind& each) noexcept {
		const u64 address = value(argument);
		if (address == 0 && each.may_be_null)
			return;
		switch (each.bytes) {
		case use::read:
			return check_read(argument, each, address, size_of(argument, each));
		case use::text:
			return check_text(argument, address, each.is == what::memory ? value(argument + 1) : ~u64{0});
		case use::searched:
			return check_searched(argument, address);
		default:
			return;
		}
	}

	/// Bytes; 0 of a memory whose size makes the call fail.
	u64 size_of(u32 argument, const argument_kind& each) const noexcept {
		switch (each.is) {
		case what::key:
			return map_ ? map_->attr.key_size : 0;
		case what::value:
			return map_ ? map_->attr.value_size : 0;
		case what::memory: {
			const argument_kind& size = callee_.arguments[argument + 1];
			return size.width == 8 ? value(argument + 1) : static_cast<u32>(value(argument + 1));
		}
		default:
			return each.width;
		}
	}

	void check_read(u32 argument, const argument_kind& each, u64 address, u64 size) noexcept {
		if (callee_.name == "bpf_setsockopt" && is_name_option())
			return check_text(argument, address, size);
		if (size == 0 || size >= u64{1} << 32 || !m_.has_unwritten(address, size))
			return;
		if (each.is == what::key)
			found(address, size, of_map("key", map_), "the kernel hashes whatever is there");
		else if (each.is == what::value)
			found(address, size, of_map("value", map_), "the map keeps whatever is there");
		else if (map_)
			found(address, size, of_map("record", map_), "its reader gets whatever is there");
		else if (callee_.name == "bpf_setsockopt")
			found(address, size, option(), "it is set to whatever is there");
		else if (callee_.name == "bpf_store_hdr_opt")
			found(address, size, "header option", "whatever is there is sent");
		else
			found(address, size, named(argument), "the helper reads whatever is there");
	}
	void found(u64 address, u64 size, const std::string& reader, const char* what_comes) noexcept {
		m_.found_in_memory(at_, address, size, reader, what_comes);
	}

	const sockopt_info* option_row() const noexcept {
		return find_sockopt(static_cast<int>(value(1)), static_cast<int>(value(2)));
	}
	bool is_name_option() const noexcept {
		const sockopt_info* const row = option_row();
		return row && row->optlen == sockopt_info::length::name;
	}
	std::string option() const {
		const sockopt_info* const row = option_row();
		return std::string("option ").append(row ? std::string_view(row->name) : std::string_view("value"));
	}

	/// Up to its NUL, or to where it differs from a constant that it is compared with.
	void check_text(u32 argument, u64 address, u64 room) noexcept {
		constexpr u64 most = 1 << 16;
		const bool compares = callee_.name == "bpf_strncmp";
		for (u64 i = 0; i != std::min(room, most); ++i) {
			const u8* const at = m_.reach(address + i, 1, access::read);
			if (!at)
				return;
			if (m_.has_unwritten(address + i, 1)) {
				const bool is_option = callee_.name == "bpf_setsockopt";
				return found(address + i, 1, is_option ? option() : named(argument),
							 "the helper reads whatever is there");
			}
			const u8* const other = compares ? m_.reach(value(2) + i, 1, access::read) : at;
			if (*at == 0 || !other || *other != *at)
				return;
		}
	}

	/// The kind and the length, and of an experimental option its magic.
	void check_searched(u32 argument, u64 address) noexcept {
		constexpr u8 experimental = 253;
		const u8* const option = m_.reach(address, 2, access::read);
		if (!option)
			return;
		const u64 read = option[0] >= experimental && option[1] > 2 ? option[1] : 2;
		if (read <= value(argument + 1) && m_.has_unwritten(address, read))
			found(address, read, named(argument), "the helper searches for whatever is there");
	}

	/// Only words that the format shows: those that another text comes of, with other bits.
	void check_printed_words() noexcept {
		constexpr u32 first = 2; // r3 to r5
		const auto size = static_cast<u32>(value(1));
		const u8* const fmt = m_.readable(value(0), size, "bpf_trace_printk");
		if (!fmt)
			return;
		for (u32 i = 0; i != max_trace_printk_varargs; ++i)
			if (const u64 undefined = m_.shadows[first + i + 1].undefined;
				undefined && is_shown(reinterpret_cast<const char*>(fmt), size, i, undefined))
				m_.found_in_register(at_, first + i + 1, "a word that bpf_trace_printk() shows",
									 "whatever is there is printed");
	}
	bool is_shown(const char* fmt, u32 size, u32 word, u64 undefined) const noexcept {
		std::array<u64, max_trace_printk_varargs> words{value(2), value(3), value(4)};
		std::array<char, 256> one{}, other{};
		const format_memory no_memory{[](void*, u64, void*, u32) noexcept { return false; }, nullptr};
		(void)bpf_format(one.data(), one.size(), fmt, size, words.data(), words.size(), no_memory);
		words[word] ^= undefined;
		(void)bpf_format(other.data(), other.size(), fmt, size, words.data(), words.size(), no_memory);
		return one != other;
	}

	watched_machine& m_;
	const helper::call_prototype& callee_;
	const step* const at_;
	const bpf_map* map_ = nullptr; ///< the argument before, if it is one
};

/// A record that is sent: it is read now.
void check_sent_record(watched_machine& m, std::string_view name, const step* at) noexcept {
	u64 base = 0, size = 0;
	if (name == "bpf_ringbuf_submit") {
		base = m.regs[1];
		for (u32 i = 0; i != m.grants_used; ++i)
			if (reinterpret_cast<std::uintptr_t>(m.grants[i].base) == base)
				size = m.grants[i].size;
	} else if (const dynptr_table::entry* const of =
				   name == "bpf_ringbuf_submit_dynptr" ? m.dynptrs.find(m.regs[1]) : nullptr) {
		base = reinterpret_cast<std::uintptr_t>(of->bytes.base);
		size = base ? of->whole : 0;
	}
	if (size == 0)
		return;
	if (m.has_unwritten(base, size))
		m.found_in_memory(at, base, size, "record", "its reader gets whatever is there");
	m.set_written(base, size); // it is the program's no longer
}

/// The bytes that a dynptr shows from `offset`; 0: it is null.
u64 dynptr_byte(watched_machine& m, u64 where, u64 offset) noexcept {
	const dynptr_table::entry* const of = m.dynptrs.find(where);
	return of && of->bytes.base ? reinterpret_cast<std::uintptr_t>(of->bytes.data()) + offset : 0;
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
		 const u64 to = dynptr_byte(m, given[1], given[2]), from = dynptr_byte(m, given[3], given[4]);
		 if (m.regs[0] == 0 && to && from)
			 m.copy_shadow(to, from, static_cast<u32>(given[5]));
	 }},
	{"bpf_map_update_elem",
	 [](watched_machine& m, const std::array<u64, 6>& given) noexcept {
		 bpf_map& map = *m.prog->maps[given[1] & pointer_mask].get();
		 const u8* const key = m.reach(given[2], map.attr.key_size, access::read);
		 if (const void* const value = !all_values().empty() && key ? map.lookup_elem(key) : nullptr)
			 all_values().set_written(static_cast<const u8*>(value), map.attr.value_size);
	 }},
};

} // namespace

void check_arguments(watched_machine& m, const watched_step& of, const step* at) noexcept {
	if (!of.callee)
		return;
	call_of(m, *of.callee, at).check();
	check_sent_record(m, of.callee->name, at);
}

namespace {

/// How much of `room` bytes the call has written: of a text what there is up to its NUL, and of a header
/// option what was found.
u64 written_of(std::string_view name, const argument_kind& kind, u64 r0, u64 room) noexcept {
	const auto returned = static_cast<s64>(r0);
	if (kind.bytes == use::searched)
		return returned > 0 ? std::min(r0, room) : returned == -ENOSPC ? room : 0;
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
