// SPDX-License-Identifier: MIT

#include "options.hpp"

#include <algorithm>

namespace sockops::testing::model {

u32 load_be32(const u8* from) noexcept {
	return u32{from[0]} << 24 | u32{from[1]} << 16 | u32{from[2]} << 8 | from[3];
}
u16 load_be16(const u8* from) noexcept { return static_cast<u16>(from[0] << 8 | from[1]); }
u8* store_be32(u8* to, u32 value) noexcept {
	for (int shift = 24; shift >= 0; shift -= 8)
		*to++ = static_cast<u8>(value >> shift);
	return to;
}
u8* store_be16(u8* to, u16 value) noexcept {
	*to++ = static_cast<u8>(value >> 8);
	*to++ = static_cast<u8>(value);
	return to;
}

u32 tcp_options::size_without_sacks() const noexcept {
	u32 size = mss ? 4 : 0;
	size += ts ? 12 : sack_permitted ? 4 : 0; // sack_permitted takes the place of the padding
	size += window_scale ? 4 : 0;
	return size + (fast_open ? 4 : 0);
}

u8* write_options(u8* to, const tcp_options& options) noexcept {
	const auto put = [&](auto... bytes) { ((*to++ = static_cast<u8>(bytes)), ...); };
	if (options.mss) {
		put(tcpopt::mss, 4);
		to = store_be16(to, *options.mss);
	}
	if (options.sack_permitted && !options.ts)
		put(tcpopt::nop, tcpopt::nop, tcpopt::sack_perm, 2);
	if (options.ts) {
		if (options.sack_permitted)
			put(tcpopt::sack_perm, 2);
		else
			put(tcpopt::nop, tcpopt::nop);
		put(tcpopt::timestamp, 10);
		to = store_be32(store_be32(to, options.ts->value), options.ts->echo);
	}
	if (options.window_scale)
		put(tcpopt::nop, tcpopt::window, 3, *options.window_scale);
	if (options.num_sacks != 0) {
		put(tcpopt::nop, tcpopt::nop, tcpopt::sack, 2 + 8 * options.num_sacks);
		for (u32 at = 0; at != options.num_sacks; ++at)
			to = store_be32(store_be32(to, options.sacks[at].begin), options.sacks[at].end);
	}
	if (options.fast_open)
		put(tcpopt::fastopen, 2, tcpopt::nop, tcpopt::nop);
	return to;
}

namespace {

void parse_one(const u8* option, u32 length, tcp_options& into) noexcept {
	switch (option[0]) {
	case tcpopt::mss:
		if (length == 4)
			into.mss = load_be16(option + 2);
		break;
	case tcpopt::window:
		if (length == 3)
			into.window_scale = std::min<u8>(option[2], 14);
		break;
	case tcpopt::sack_perm:
		into.sack_permitted = length == 2;
		break;
	case tcpopt::timestamp:
		if (length == 10)
			into.ts = time_stamp{load_be32(option + 2), load_be32(option + 6)};
		break;
	case tcpopt::fastopen:
		into.fast_open = true;
		break;
	case tcpopt::sack:
		for (u32 at = 2; at + 8 <= length && into.num_sacks != into.sacks.size(); at += 8)
			into.sacks[into.num_sacks++] = {load_be32(option + at), load_be32(option + at + 4)};
		break;
	}
}

} // namespace

tcp_options parse_options(const u8* from, u32 size) noexcept {
	tcp_options options;
	while (size > 0 && *from != tcpopt::eol) {
		if (*from == tcpopt::nop) {
			++from, --size;
			continue;
		}
		if (size < 2 || from[1] < 2 || from[1] > size)
			break;
		parse_one(from, from[1], options);
		size -= from[1];
		from += from[1];
	}
	return options;
}

bool is_aligned_time_stamp(const u8* from, u32 size) noexcept {
	return size == 12 && from[0] == tcpopt::nop && from[1] == tcpopt::nop && from[2] == tcpopt::timestamp &&
		   from[3] == 10;
}

} // namespace sockops::testing::model
