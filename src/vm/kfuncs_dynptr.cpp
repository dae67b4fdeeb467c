// SPDX-License-Identifier: MIT
// Dynamic pointers, what kfuncs do with them: parts, clones, slices, and reading by address into them.

#include "kfuncs.hpp"
#include "probe.hpp"

namespace sockops::vm {

namespace {

/// A kfunc that asks one dynptr something.
template <const char* Name, class Ask>
u64 ask(machine& m, u64 address, Ask of) noexcept {
	dynptr* const asked = m.dynptr_at(address, Name);
	return asked ? of(asked->bytes) : 0;
}

constexpr char size_name[] = "bpf_dynptr_size", null_name[] = "bpf_dynptr_is_null",
			   rdonly_name[] = "bpf_dynptr_is_rdonly", adjust_name[] = "bpf_dynptr_adjust",
			   memset_name[] = "bpf_dynptr_memset", slice_name[] = "bpf_dynptr_slice";

u64 dynptr_size(machine& m, const u64* r) noexcept {
	return ask<size_name>(m, r[1], [](const dynptr_bytes& in) { return u64{size_or_error(in)}; });
}
u64 dynptr_is_null(machine& m, const u64* r) noexcept {
	return ask<null_name>(m, r[1], [](const dynptr_bytes& in) { return u64{!in.base}; });
}
/// What a SOCK_OPS program can make a dynptr of can be written.
u64 dynptr_is_rdonly(machine& m, const u64* r) noexcept {
	return ask<rdonly_name>(m, r[1], [](const dynptr_bytes&) { return u64{0}; });
}
u64 dynptr_adjust(machine& m, const u64* r) noexcept {
	return ask<adjust_name>(m, r[1], [&](dynptr_bytes& in) {
		return as_int(adjust(in, static_cast<u32>(r[2]), static_cast<u32>(r[3])));
	});
}
u64 dynptr_memset(machine& m, const u64* r) noexcept {
	return ask<memset_name>(m, r[1], [&](const dynptr_bytes& in) {
		return as_int(fill(in, static_cast<u32>(r[2]), static_cast<u32>(r[3]), static_cast<u8>(r[4])));
	});
}

/// Straight into the memory: a buffer to copy to is not needed, but has to be one.
u64 dynptr_slice(machine& m, const u64* r) noexcept {
	const auto len = static_cast<u32>(r[4]);
	if (r[3] != 0 && !m.writable(r[3], len, slice_name))
		return 0;
	return ask<slice_name>(m, r[1], [&](const dynptr_bytes& in) {
		return u64{reinterpret_cast<std::uintptr_t>(slice_of(in, static_cast<u32>(r[2]), len))};
	});
}

u64 dynptr_clone(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_dynptr_clone";
	const dynptr* const from = m.dynptr_at(r[1], me);
	dynptr* const made = from ? m.new_dynptr(r[2], me) : nullptr;
	if (!made)
		return 0;
	const u64 where = made->where;
	*made = *from;
	made->where = where;
	return as_int(from->bytes.base ? 0 : -EINVAL);
}

u64 dynptr_copy(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_dynptr_copy";
	const dynptr* const to = m.dynptr_at(r[1], me);
	const dynptr* const from = to ? m.dynptr_at(r[3], me) : nullptr;
	return from ? as_int(copy(to->bytes, static_cast<u32>(r[2]), from->bytes, static_cast<u32>(r[4]),
							  static_cast<u32>(r[5])))
				: 0;
}

/// (dynptr, offset, size, address): what `Read` reads goes into the dynptr.
template <const char* Name, auto Read>
u64 probe_into(machine& m, const u64* r) noexcept {
	const auto offset = static_cast<u32>(r[2]), size = static_cast<u32>(r[3]);
	const dynptr* const to = m.dynptr_at(r[1], Name);
	if (!to)
		return 0;
	if (!holds(to->bytes, offset, size))
		return as_int(-E2BIG);
	if (!to->bytes.base)
		return 0;
	return as_int(Read(m, to->bytes.data() + offset, size, r[4], Name));
}

constexpr auto read_user = [](machine&, u8* to, u32 size, u64, const char*) {
	return probe_read_user(to, size);
};

constexpr char probe_name[] = "bpf_probe_read_kernel_dynptr",
			   probe_str_name[] = "bpf_probe_read_kernel_str_dynptr",
			   user_name[] = "bpf_probe_read_user_dynptr", user_str_name[] = "bpf_probe_read_user_str_dynptr";

constexpr kfunc_row rows[] = {
	{size_name, dynptr_size},
	{null_name, dynptr_is_null},
	{rdonly_name, dynptr_is_rdonly},
	{adjust_name, dynptr_adjust},
	{memset_name, dynptr_memset},
	{slice_name, dynptr_slice},
	{"bpf_dynptr_clone", dynptr_clone},
	{"bpf_dynptr_copy", dynptr_copy},
	{probe_name, probe_into<probe_name, probe_read>},
	{probe_str_name, probe_into<probe_str_name, probe_read_string>},
	{user_name, probe_into<user_name, read_user>},
	{user_str_name, probe_into<user_str_name, read_user>},
};

} // namespace

std::span<const kfunc_row> dynptr_kfuncs() noexcept { return rows; }

} // namespace sockops::vm
