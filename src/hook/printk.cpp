// SPDX-License-Identifier: MIT
// Formats by the kernel's rules, bpf_bprintf_prepare().

#include <sockops/hook/printk.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <sockops/net/observer.hpp>
#include <sockops/net/sock.hpp>

namespace sockops {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
/// Any UTF-8, but no control characters.
bool is_text(char c) noexcept { return is_space(c) || (static_cast<u8>(c) > ' ' && c != 0x7f); }
bool is_punct(char c) noexcept {
	return c > ' ' && c <= '~' && !is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/// Where text goes: counts all of it, keeps what fits. And where what arguments point to comes from.
struct line {
	char* out;
	u32 room;
	format_memory memory;
	int length = 0;

	bool read(u64 address, void* into, u32 size) const noexcept {
		if (memory.read)
			return memory.read(memory.context, address, into, size);
		if (address != 0)
			std::memcpy(into, reinterpret_cast<const void*>(std::uintptr_t{address}), size);
		return address != 0;
	}

	void add(const char* text, std::size_t count) noexcept {
		const auto at = static_cast<u32>(length);
		if (at + 1 < room)
			std::memcpy(out + at, text, std::min<std::size_t>(count, room - 1 - at));
		length += static_cast<int>(count);
	}
	/// By snprintf(), whose width and flags are the kernel's.
	template <class T>
	void add(const char* format, int width, T value) noexcept {
		const auto at = static_cast<u32>(length);
		const u32 left = at < room ? room - at : 0;
		length += std::snprintf(left ? out + at : nullptr, left, format, width, value);
	}
	void end() noexcept { out[std::min(static_cast<u32>(length), room - 1)] = 0; }
};

/// One conversion: "%", flags, width; then its letters.
struct conversion {
	char flags[8] = "%";
	int width = 0;

	/// Reads flags and width from `at` on; returns what follows.
	const char* read(const char* at) noexcept {
		for (; *at == '0' || *at == '+' || *at == '-' || *at == ' '; ++at)
			if (const std::size_t n = std::strlen(flags); !std::strchr(flags, *at) && n < sizeof flags - 1) {
				flags[n] = *at;
				flags[n + 1] = 0;
			}
		for (; is_digit(*at); ++at)
			width = std::min(width * 10 + (*at - '0'), (1 << 23) - 1);
		return at;
	}
	template <class T>
	void print(line& to, const char* letters, T value) const noexcept {
		char format[16];
		std::snprintf(format, sizeof format, "%s*%s", flags, letters);
		to.add(format, width, value);
	}
	/// "" for what cannot be read.
	void print_string(line& to, u64 address) const noexcept {
		char text[max_bprintf_buf];
		u32 n = 0;
		while (n != sizeof text - 1 && to.read(address + n, text + n, 1) && text[n] != 0)
			++n;
		text[n] = 0;
		print(to, "s", static_cast<const char*>(text));
	}
};

/// %d and its kin; `longs`: how many l. Nullptr for a letter that is none of them.
const char* integer(line& to, const conversion& how, const char* at, u64 arg) noexcept {
	int longs = 0;
	while (longs < 2 && *at == 'l') {
		++longs;
		++at;
	}
	const char letter = *at;
	if (!letter || !std::strchr("diuxX", letter))
		return nullptr;
	const char letters[] = {'l', 'l', letter, 0};
	if (longs != 0)
		how.print(to, letters, static_cast<long long>(arg));
	else
		how.print(to, letters + 2, static_cast<int>(arg));
	return at + 1;
}

void print_ip4(line& to, const u8* bytes, bool padded) noexcept {
	char text[16];
	const int length = std::snprintf(text, sizeof text, padded ? "%03u.%03u.%03u.%03u" : "%u.%u.%u.%u",
									 bytes[0], bytes[1], bytes[2], bytes[3]);
	to.add(text, static_cast<std::size_t>(length));
}
void print_ip6(line& to, const u8* bytes, bool colons) noexcept {
	char text[40];
	char* at = text;
	for (int i = 0; i != 16; ++i) {
		if (colons && i != 0 && i % 2 == 0)
			*at++ = ':';
		at += std::snprintf(at, 3, "%02x", bytes[i]);
	}
	to.add(text, static_cast<std::size_t>(at - text));
}

/// What follows %p. Nullptr if it is refused. With strings and network addresses a width is not looked at.
const char* pointer(line& to, const conversion& how, const char* at, u64 arg) noexcept {
	const auto address = static_cast<unsigned long long>(arg);
	if ((at[0] == 'k' || at[0] == 'u') && at[1] == 's') {
		conversion().print_string(to, arg);
		return at + 2;
	}
	const bool plain = *at == 0 || is_space(*at) || is_punct(*at);
	if (plain || *at == 'K' || *at == 'x') {
		char text[24]; // all digits, unless a width is said
		std::snprintf(text, sizeof text, how.width ? "%llx" : "%016llx", address);
		how.print(to, "s", static_cast<const char*>(text));
		return plain ? at : at + 1;
	}
	if (*at == 's' || *at == 'S' || *at == 'B') {
		char text[24];
		std::snprintf(text, sizeof text, "0x%llx", address);
		how.print(to, "s", static_cast<const char*>(text));
		return at + 1;
	}
	if ((at[0] != 'i' && at[0] != 'I') || (at[1] != '4' && at[1] != '6'))
		return nullptr;
	u8 bytes[16];
	if (!to.read(arg, bytes, at[1] == '4' ? 4 : 16))
		std::memset(bytes, 0, sizeof bytes);
	if (at[1] == '4')
		print_ip4(to, bytes, at[0] == 'i');
	else
		print_ip6(to, bytes, at[0] == 'I');
	return at + 2;
}

/// The conversion after a '%', on one argument. Returns what follows; nullptr if it is refused.
const char* convert(line& to, const char* at, u64 arg) noexcept {
	conversion how;
	at = how.read(at);
	switch (*at) {
	case 'p':
		return pointer(to, how, at + 1, arg);
	case 's':
		how.print_string(to, arg);
		return at + 1;
	case 'c':
		how.print(to, "c", static_cast<int>(arg));
		return at + 1;
	default:
		return integer(to, how, at, arg);
	}
}

/// To the observers, and to stderr if none of them keeps it.
void tell_line(const net_watch* observers, const char* text) noexcept {
	if (detail::kept_by_an_observer(observers, [&](net_observer& who) { return who.printk(text); }))
		return;
	const std::size_t length = std::strlen(text);
	const bool ended = length != 0 && text[length - 1] == '\n';
	std::fprintf(stderr, "bpf_trace_printk: %s%s", text, ended ? "" : "\n"); // one call: lines stay whole
}

} // namespace

int bpf_format(char* out, u32 room, const char* fmt, u32 fmt_size, const u64* args, u32 nargs,
			   const format_memory& memory) noexcept {
	if (fmt_size == 0 || !std::memchr(fmt, 0, fmt_size))
		return -EINVAL;
	line to{out, room, memory};
	u32 used = 0;
	for (const char* at = fmt; at != fmt + fmt_size && *at;) {
		if (!is_text(*at))
			return -EINVAL;
		if (*at != '%') {
			to.add(at++, 1);
			continue;
		}
		if (at[1] == '%') {
			to.add(at, 1);
			at += 2;
			continue;
		}
		if (used == nargs)
			return -EINVAL;
		at = convert(to, at + 1, args[used++]);
		if (!at)
			return -EINVAL;
	}
	to.end();
	return to.length;
}

int bpf_trace_printk_args(bpf_sock_ops& skops, const char* fmt, u32 fmt_size, const u64* args, u32 nargs,
						  const format_memory& memory) noexcept {
	char text[max_bprintf_buf];
	const int length = bpf_format(text, sizeof text, fmt, fmt_size, args, nargs, memory);
	if (length < 0)
		return length;
	tell_line(sock_observers(skops.kern().sk), text);
	return length;
}

} // namespace sockops
