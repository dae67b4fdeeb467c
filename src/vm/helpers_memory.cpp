// SPDX-License-Identifier: MIT
// Helpers about bytes: reading by address, strings, numbers in text, formatting.

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sockops/hook/printk.hpp>

#include "helpers.hpp"
#include "probe.hpp"
#include "strto.hpp"

namespace sockops::vm {

namespace {

template <const char* Name, auto Read>
u64 probe_helper(machine& m, const u64* r) noexcept {
	const auto size = static_cast<u32>(r[2]);
	u8* const to = m.writable(r[1], size, Name);
	return to ? as_u64(Read(m, to, size, r[3], Name)) : 0;
}

constexpr auto read_user = [](machine&, u8* to, u32 size, u64, const char*) {
	return probe_read_user(to, size);
};

constexpr char kernel_name[] = "bpf_probe_read_kernel", kernel_str_name[] = "bpf_probe_read_kernel_str",
			   user_name[] = "bpf_probe_read_user", user_str_name[] = "bpf_probe_read_user_str";

/// A string that cannot change while it is read: a constant of the program, in a frozen map that programs
/// only read. nullptr, and a fault, if it is none. `length`: without its NUL.
const char* constant_string(machine& m, u64 address, u32& length, const char* helper) noexcept {
	bpf_map* map = nullptr;
	const u8* const value = m.reach_value(address, 1, map);
	const bool constant =
		value && (map->attr.map_flags & BPF_F_RDONLY_PROG) && map->frozen.load(std::memory_order_relaxed);
	if (!constant) {
		m.fault(m.at, std::string(helper) + "(): " + describe_pointer(m, address) +
						  " is no constant string, as .rodata has them");
		return nullptr;
	}
	const auto* const text = reinterpret_cast<const char*>(static_cast<std::uintptr_t>(address));
	const u64 room = map->attr.value_size - (address - reinterpret_cast<std::uintptr_t>(value));
	length = static_cast<u32>(::strnlen(text, room));
	if (length != room)
		return text;
	m.fault(m.at, std::string(helper) + "(): the string has no NUL");
	return nullptr;
}

u64 strncmp_helper(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_strncmp";
	const auto size = static_cast<u32>(r[2]);
	const u8* const left = m.readable(r[1], size, me);
	u32 length = 0;
	const char* const right = left ? constant_string(m, r[3], length, me) : nullptr;
	if (!right)
		return 0;
	// Never beyond the constant's NUL, whatever another CPU does to the other string.
	const int order = std::strncmp(reinterpret_cast<const char*>(left), right, std::min(size, length + 1));
	return as_u64((order > 0) - (order < 0));
}

/// bpf_strtol() and bpf_strtoul(): the characters that were taken, or -errno.
template <class T>
u64 strto_helper(machine& m, const u64* r) noexcept {
	static constexpr const char* me = std::is_signed_v<T> ? "bpf_strtol" : "bpf_strtoul";
	const u8* const text = m.readable(r[1], r[2], me);
	u8* const result = text ? m.writable(r[4], sizeof(T), me) : nullptr;
	if (!result)
		return 0;
	T value = 0;
	const int taken =
		strto<T>(reinterpret_cast<const char*>(text), static_cast<std::size_t>(r[2]), r[3], value);
	std::memcpy(result, &value, sizeof value);
	return as_u64(taken);
}

/// Strings that a format's arguments point to: only the program's own memory is read.
format_memory memory_of(machine& m) noexcept {
	return {[](void* self, u64 address, void* into, u32 size) noexcept {
				const u8* const from =
					static_cast<machine*>(self)->reach_elsewhere(address, size, access::read);
				if (from)
					std::memcpy(into, from, size);
				return from != nullptr;
			},
			&m};
}

/// A format that a program may be changing is read once.
struct format_copy {
	char text[max_bprintf_buf];
	u32 size = 0;

	/// False: it is longer than what it could print.
	bool take(const u8* from, u32 bytes) noexcept {
		if (bytes > sizeof text)
			return false;
		std::memcpy(text, from, bytes);
		size = bytes;
		return true;
	}
};

u64 trace_printk(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_trace_printk";
	const auto size = static_cast<u32>(r[2]);
	const u8* const given = m.readable(r[1], size, me);
	format_copy format;
	if (!given)
		return 0;
	if (!format.take(given, size))
		return as_u64(-EINVAL);
	bpf_sock_ops skops(*m.asks);
	return as_u64(bpf_trace_printk_args(skops, format.text, format.size, r + 3, max_trace_printk_varargs,
										memory_of(m)));
}

/// The words of bpf_trace_vprintk() and bpf_snprintf(): false if there are too many or half a one.
bool argument_words(machine& m, u64 address, u64 bytes, u64 (&words)[max_trace_vprintk_varargs], u32& count,
					const char* helper) noexcept {
	if (bytes % 8 != 0 || bytes > sizeof words || (bytes != 0 && address == 0))
		return false;
	const u8* const from = m.readable(address, bytes, helper);
	if (from)
		std::memcpy(words, from, bytes);
	count = static_cast<u32>(bytes / 8);
	return from != nullptr;
}

u64 trace_vprintk(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_trace_vprintk";
	const auto size = static_cast<u32>(r[2]);
	const u8* const given = m.readable(r[1], size, me);
	format_copy format;
	u64 words[max_trace_vprintk_varargs];
	u32 count = 0;
	if (!given)
		return 0;
	if (!format.take(given, size) || !argument_words(m, r[3], static_cast<u32>(r[4]), words, count, me))
		return as_u64(-EINVAL);
	bpf_sock_ops skops(*m.asks);
	return as_u64(bpf_trace_printk_args(skops, format.text, format.size, words, count, memory_of(m)));
}

u64 snprintf_helper(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_snprintf";
	const auto size = static_cast<u32>(r[2]);
	u8* const to = m.writable(r[1], size, me);
	u32 length = 0;
	const char* const format = to ? constant_string(m, r[3], length, me) : nullptr;
	u64 words[max_trace_vprintk_varargs];
	u32 count = 0;
	if (!format)
		return 0;
	if (!argument_words(m, r[4], static_cast<u32>(r[5]), words, count, me))
		return as_u64(-EINVAL);
	char nowhere = 0;
	const int written = bpf_format(size ? reinterpret_cast<char*>(to) : &nowhere, size ? size : 1, format,
								   length + 1, words, count, memory_of(m));
	return as_u64(written < 0 ? written : written + 1); // counts the NUL
}

constexpr helper_row rows[] = {
	{6, trace_printk},
	{105, strto_helper<s64>},
	{106, strto_helper<u64>},
	{112, probe_helper<user_name, read_user>},
	{113, probe_helper<kernel_name, probe_read>},
	{114, probe_helper<user_str_name, read_user>},
	{115, probe_helper<kernel_str_name, probe_read_string>},
	{165, snprintf_helper},
	{177, trace_vprintk},
	{182, strncmp_helper},
};

} // namespace

std::span<const helper_row> memory_helpers() noexcept { return rows; }

} // namespace sockops::vm
