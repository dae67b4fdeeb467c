// SPDX-License-Identifier: MIT
#include "scripts.hpp"

#include <algorithm>
#include <array>

namespace hdr_opt {

namespace {

constexpr std::uint8_t kinds[] = {0, 1, 2, 8, 30, 69, 253, 254, 255};
constexpr std::uint8_t sizes[] = {0, 1, 2, 3, 4, 5, 6, 40, 255};
constexpr std::uint32_t lens[] = {1, 2, 3, 4, 5, 6, 7, 40, 41, 255, 256};
constexpr std::uint64_t all_flags[] = {0, 1, 2, std::uint64_t{1} << 32};
using four_bytes = std::array<std::uint8_t, 4>;
constexpr four_bytes magics[] = {{1, 2, 3, 4}, {1, 2, 3, 5}, {1, 3, 3, 4}};

call make_call(what of, std::uint8_t kind, std::uint8_t size, const four_bytes& magic, std::uint32_t len,
			   std::uint64_t flags) {
	byte_list bytes{kind, size, magic[0], magic[1], magic[2], magic[3]};
	bytes.resize(len, 0xab);
	return {of, len, flags, bytes};
}

} // namespace

std::vector<call> all_calls(what of) {
	std::vector<call> all;
	for (const std::uint8_t kind : kinds)
		for (const std::uint8_t size : sizes)
			for (const std::uint32_t len : lens)
				for (const std::uint64_t flags : all_flags)
					for (const auto& magic : magics)
						if (kind == 253 || kind == 254 || &magic == magics)
							all.push_back(make_call(of, kind, size, magic, len, flags));
	std::shuffle(all.begin(), all.end(), std::mt19937(7));
	return all;
}

call random_calls::reserve() {
	static constexpr std::uint32_t amounts[] = {0,  1,  2,  2,  3,  4,  4,  5,   6,           8,          12,
												16, 20, 28, 36, 39, 40, 41, 255, 0x8000'0000, 0xffff'ffff};
	return {what::reserve, one_of(amounts), below(10) ? 0 : one_of(all_flags), {}};
}

call random_calls::store() {
	const std::uint8_t kind = one_of(kinds);
	// A length byte of 1 breaks the list, and TCP drops the segment: all_calls() has those.
	const std::uint8_t size = static_cast<std::uint8_t>(below(8) ? 2 + below(9) : 2 * below(128));
	const std::uint32_t len = below(8) ? std::max<std::uint32_t>(size, 1) : one_of(lens);
	return make_call(what::store, kind, size, one_of(magics), len, below(12) ? 0 : one_of(all_flags));
}

call random_calls::load() {
	const std::uint8_t kind = below(12) ? kinds[2 + below(7)] : one_of(kinds);
	const bool shared = kind == 253 || kind == 254;
	const std::uint8_t size = !below(12) ? one_of(sizes) : !shared ? 0 : below(2) ? 4 : 6;
	return make_call(what::load, kind, size, one_of(magics), one_of(lens), below(8) ? 0 : one_of(all_flags));
}

std::vector<call> random_calls::reserves() {
	std::vector<call> made(1 + below(6));
	std::generate(made.begin(), made.end(), [&] {
		return below(6) ? reserve() : below(2) ? load() : store();
	});
	return made;
}
std::vector<call> random_calls::stores() {
	std::vector<call> made(1 + below(hdr_opt_calls));
	std::generate(made.begin(), made.end(), [&] { return below(5) ? store() : load(); });
	return made;
}
std::vector<call> random_calls::loads() {
	std::vector<call> made(hdr_opt_calls);
	std::generate(made.begin(), made.end(), [&] { return load(); });
	return made;
}
std::vector<call> random_calls::any() {
	std::vector<call> made(1 + below(hdr_opt_calls));
	std::generate(made.begin(), made.end(), [&] {
		switch (below(3)) {
		case 0:
			return reserve();
		case 1:
			return store();
		default:
			return load();
		}
	});
	return made;
}

byte_list random_calls::options() {
	// Not MD5 (19) and not AO (29): TCP drops a segment that is signed though nothing was agreed. Not
	// SACK (5): the receiver would act on it.
	byte_list bytes;
	const std::size_t length = 4 * (1 + below(10));
	while (bytes.size() < length) {
		const std::uint8_t kind = below(10) ? one_of(kinds) : static_cast<std::uint8_t>(200 + below(56));
		if (kind == 0 && below(3))
			continue;
		const auto& magic = one_of(magics);
		const std::size_t size = below(12) ? 2 + below(8) : below(256);
		bytes.push_back(kind);
		if (kind < 2)
			continue;
		bytes.push_back(static_cast<std::uint8_t>(size));
		for (std::size_t at = 2; at < std::min<std::size_t>(size, 10); ++at)
			bytes.push_back(at < 6 ? magic[at - 2] : 0xab);
	}
	bytes.resize(length);
	return bytes;
}

} // namespace hdr_opt
