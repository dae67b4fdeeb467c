// SPDX-License-Identifier: MIT
// What a helper reads of a watched program's memory and registers: by its prototype, and for the few whose
// prototype does not say it all, by name.
#include <algorithm>

#include <sockops/hook/sockopt.hpp>
#include <sockops/map/sk_storage_map.hpp>

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
			if (each.is == what::socket && map_)
				m_.storage_was_there = has_storage(value(i));
			check_bytes(i, each);
		}
		check_printed(m_, callee_.name, at_);
	}

  private:
	static constexpr u32 max_words = 511; ///< of bpf_iter_bits_new(), which refuses more

	u64 value(u32 argument) const noexcept { return m_.regs[argument + 1]; }
	const bpf_map* map_at(u32 argument) const noexcept {
		const u64 index = value(argument) & pointer_mask;
		return index < m_.prog->maps.size() ? m_.prog->maps[index].get() : nullptr;
	}

	/// Has the map a value for the socket?
	bool has_storage(u64 socket) const noexcept {
		if (map_->attr.map_type != BPF_MAP_TYPE_SK_STORAGE)
			return false;
		sock_common* const sk = m_.known_socket(socket & pointer_mask);
		return sk && bpf_sk_storage_get(*const_cast<bpf_map*>(map_), sk, nullptr, 0);
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
		case what::address: // words
			return std::min<u64>(static_cast<u32>(value(argument + 1)), max_words) * sizeof(u64);
		default:
			return each.width;
		}
	}

	void check_read(u32 argument, const argument_kind& each, u64 address, u64 size) noexcept {
		if (callee_.name == "bpf_setsockopt" && is_name_option())
			return check_text(argument, address, size);
		if (callee_.name == "bpf_store_hdr_opt")
			size = size_of_option(address, size);
		if (size == 0 || size >= u64{1} << 32 || !m_.has_unwritten(address, size) || !is_read(size))
			return;
		if (each.is == what::key)
			found(address, size, of_map("key", map_),
				  m_.has_unwritten(address, size, padding().key)
					  ? "the kernel hashes whatever is there"
					  : "the kernel hashes whatever is there, padding like the rest");
		else if (each.is == what::value)
			check_value(address, size);
		else if (map_)
			found(address, size, of_map("record", map_), "its reader gets whatever is there");
		else if (callee_.name == "bpf_setsockopt")
			found(address, size, option(), "it is set to whatever is there");
		else if (callee_.name == "bpf_store_hdr_opt")
			found(address, size, "header option", "whatever is there is sent");
		else
			found(address, size, named(argument), "the helper reads whatever is there");
	}
	/// Padding of a value is nobody's: whoever reads it asks for members.
	void check_value(u64 address, u64 size) noexcept {
		if (m_.has_unwritten(address, size, padding().value))
			m_.found_in_memory(at_, address, size, of_map("value", map_), "the map keeps whatever is there",
							   padding().value);
	}
	const map_padding& padding() const noexcept {
		const std::vector<map_padding>& all = m_.prog->watched->padding;
		for (std::size_t i = 0; i != all.size(); ++i)
			if (m_.prog->maps[i].get() == map_)
				return all[i];
		return unknown_;
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
		const u8* const option = m_.reach(address, 2, access::read);
		if (!option)
			return;
		const bool has_magic = option[0] == 253 || option[0] == 254; // RFC 6994
		const u64 read = has_magic && option[1] > 2 ? option[1] : 2;
		if (read <= value(argument + 1) && m_.has_unwritten(address, read))
			found(address, read, named(argument), "the helper searches for whatever is there");
	}

	/// What its length byte says; the kind and that byte at least.
	u64 size_of_option(u64 address, u64 room) const noexcept {
		const u8* const option = m_.reach(address, 2, access::read);
		return option && room >= 2 ? std::min<u64>(room, std::max<u64>(option[1], 2)) : room;
	}
	/// The value of bpf_sk_storage_get() is read where one is made, that of an option where there is such a
	/// one.
	bool is_read(u64 size) const noexcept {
		if (callee_.name == "bpf_sk_storage_get")
			return (value(3) & BPF_SK_STORAGE_GET_F_CREATE) && !m_.storage_was_there;
		if (callee_.name != "bpf_setsockopt")
			return true;
		const sockopt_info* const row = option_row();
		return row && (row->optlen != sockopt_info::length::word || size >= sizeof(int));
	}

	watched_machine& m_;
	const helper::call_prototype& callee_;
	const step* const at_;
	const map_padding unknown_{};
	const bpf_map* map_ = nullptr; ///< the argument before, if it is one
};

/// The address of a record that a program gives back; 0: it has none there.
u64 given_back(watched_machine& m, std::string_view helper) noexcept {
	if (!helper.ends_with("_dynptr"))
		return m.regs[1];
	const dynptr_table::entry* const of = m.dynptrs.find(m.regs[1]);
	return reinterpret_cast<std::uintptr_t>(of ? of->bytes.base : nullptr);
}

/// A record that is sent is read now; one that is not is the program's no longer.
void check_record(watched_machine& m, std::string_view helper, const step* at) noexcept {
	const bool is_sent = helper.starts_with("bpf_ringbuf_submit");
	if (!is_sent && !helper.starts_with("bpf_ringbuf_discard"))
		return;
	const u64 base = given_back(m, helper);
	const record_shadow* const record = m.records.find(base, 1);
	if (record && is_sent && m.has_unwritten(base, record->size()))
		m.found_in_memory(at, base, record->size(), "record", "its reader gets whatever is there");
	m.records.remove(base);
}

/// What bpf_dynptr_copy() will move, which may lie over what it moves it to.
void note_moved(watched_machine& m) noexcept {
	const dynptr_table::entry* const from = m.dynptrs.find(m.regs[3]);
	m.moved.clear();
	if (!from || !helper::holds(from->bytes, m.regs[4], m.regs[5]))
		return;
	const u64 base = reinterpret_cast<std::uintptr_t>(from->bytes.data()) + m.regs[4];
	for (u64 i = 0; i != static_cast<u32>(m.regs[5]); ++i)
		m.moved.push_back(m.load_shadow(base + i, 1));
}

} // namespace

void check_arguments(watched_machine& m, const watched_step& of, const step* at) noexcept {
	if (!of.callee)
		return;
	call_of(m, *of.callee, at).check();
	check_record(m, of.callee->name, at);
	if (of.callee->name == "bpf_dynptr_copy")
		note_moved(m);
}

} // namespace sockops::vm
