// SPDX-License-Identifier: MIT
// Dynamic pointers: memory whose size is known at run only, reached through helpers. A program holds 16 bytes
// of its frame for each; what they stand for is kept by the machine under their address, so that nothing can
// be forged.

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sockops/map/ring_buffer.hpp>

#include "kfuncs.hpp"

namespace sockops::vm {

namespace {

void shows(dynptr& made, u8* memory, u32 size) noexcept {
	made.bytes = {memory, 0, size};
	made.whole = size;
}

/// Of a map's value alone: whatever else a program has may be taken back before the dynptr goes.
u64 dynptr_from_mem(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_dynptr_from_mem";
	const auto size = static_cast<u32>(r[2]);
	bpf_map* map = nullptr;
	u8* const data = m.writable(r[1], size, me);
	if (data && !m.reach_value(r[1], size, map))
		return m.fault(m.at, std::string(me) + "(): " + describe_pointer(m, r[1]) + " is no value of a map"),
			   0;
	dynptr* const made = data ? m.new_dynptr(r[4], me) : nullptr;
	if (!made)
		return 0;
	if (size > max_dynptr_size)
		return as_u64(-E2BIG);
	if (r[3] != 0)
		return as_u64(-EINVAL);
	shows(*made, data, size);
	return 0;
}

u64 dynptr_read(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_dynptr_read";
	const auto len = static_cast<u32>(r[2]), offset = static_cast<u32>(r[4]);
	u8* const to = m.writable(r[1], len, me);
	const dynptr* const from = to ? m.dynptr_at(r[3], me) : nullptr;
	if (!from)
		return 0;
	const int error = check_range(from->bytes, offset, len, r[5]);
	if (error == 0)
		std::memmove(to, from->bytes.data() + offset, len);
	return as_u64(error);
}

u64 dynptr_write(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_dynptr_write";
	const auto offset = static_cast<u32>(r[2]), len = static_cast<u32>(r[4]);
	dynptr* const to = m.dynptr_at(r[1], me);
	const u8* const from = to ? m.readable(r[3], len, me) : nullptr;
	if (!from)
		return 0;
	const int error = check_range(to->bytes, offset, len, r[5]);
	if (error == 0)
		std::memmove(to->bytes.data() + offset, from, len);
	return as_u64(error);
}

u64 dynptr_data(machine& m, const u64* r) noexcept {
	const auto offset = static_cast<u32>(r[2]), len = static_cast<u32>(r[3]);
	const dynptr* const in = m.dynptr_at(r[1], "bpf_dynptr_data");
	return in ? reinterpret_cast<std::uintptr_t>(slice_of(in->bytes, offset, len)) : 0;
}

u64 reserve_dynptr(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_ringbuf_reserve_dynptr";
	bpf_map* const map = m.map_of(r[1], me);
	dynptr* const made = map ? m.new_dynptr(r[4], me) : nullptr;
	if (!made)
		return 0;
	if (map->attr.map_type != BPF_MAP_TYPE_RINGBUF)
		return m.fault(m.at, "bpf_ringbuf_reserve_dynptr(): map '" + map->attr.map_name + "' is no RINGBUF"),
			   0;
	made->record = true; // to be submitted or discarded also if there was no room
	made->record_id = ++m.records_ever;
	const auto size = static_cast<u32>(r[2]);
	if (r[3] != 0)
		return as_u64(-EINVAL);
	if (size > max_dynptr_size)
		return as_u64(-E2BIG);
	void* const record = static_cast<ring_buffer_map*>(map)->reserve(size, 0);
	if (!record)
		return as_u64(-EINVAL);
	shows(*made, static_cast<u8*>(record), size);
	return 0;
}

template <auto GiveBack, const char* Name>
u64 return_dynptr(machine& m, const u64* r) noexcept {
	dynptr* const held = m.dynptr_at(r[1], Name);
	if (!held)
		return 0;
	if (!held->record)
		return m.fault(m.at, std::string(Name) + "(): the dynptr holds no record of a ring buffer"), 0;
	if (held->bytes.base)
		GiveBack(held->bytes.base, r[2]);
	m.forget_record(held->record_id);
	return 0;
}

constexpr char submit_name[] = "bpf_ringbuf_submit_dynptr", discard_name[] = "bpf_ringbuf_discard_dynptr";

constexpr helper_row rows[] = {
	{197, dynptr_from_mem},
	{198, reserve_dynptr},
	{199, return_dynptr<ring_buffer_map::submit, submit_name>},
	{200, return_dynptr<ring_buffer_map::discard, discard_name>},
	{201, dynptr_read},
	{202, dynptr_write},
	{203, dynptr_data},
};

} // namespace

std::span<const helper_row> dynptr_helpers() noexcept { return rows; }

dynptr* machine::dynptr_at(u64 address, const char* helper) noexcept {
	for (u32 i = 0; i != dynptrs_used; ++i)
		if (dynptrs[i].where == address)
			return &dynptrs[i];
	fault(at, std::string(helper) + "(): there is no dynptr at " + describe_pointer(*this, address));
	return nullptr;
}

dynptr* machine::new_dynptr(u64 address, const char* helper) noexcept {
	u8* const place = writable(address, 16, helper);
	if (!place)
		return nullptr;
	std::memset(place, 0, 16);
	u32 i = 0;
	while (i != dynptrs_used && dynptrs[i].where != address)
		++i;
	if (i != dynptrs_used && dynptrs[i].record) {
		fault(at, std::string(helper) +
					  "(): the dynptr there holds a record that was neither submitted nor discarded");
		return nullptr;
	}
	if (i == machine::max_dynptrs) {
		fault(at, std::string(helper) + "(): more than " + std::to_string(machine::max_dynptrs) +
					  " dynptrs at a time");
		return nullptr;
	}
	dynptrs_used = std::max(dynptrs_used, i + 1);
	dynptrs[i] = {address, {nullptr, 0, 0}, 0, false, 0};
	return &dynptrs[i];
}

void machine::forget_record(u32 id) noexcept {
	for (u32 i = 0; i != dynptrs_used;)
		if (dynptrs[i].record && dynptrs[i].record_id == id)
			dynptrs[i] = dynptrs[--dynptrs_used];
		else
			++i;
}

} // namespace sockops::vm
