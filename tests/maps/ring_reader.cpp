// SPDX-License-Identifier: MIT
#include "ring_reader.hpp"

#include <cstring>

#include <sys/mman.h>

namespace maps_diff {

namespace {

constexpr u32 busy = 1u << 31, discarded = 1u << 30;

u64 padded_record(u32 word) noexcept { return ((word & ~(busy | discarded)) + u64{8} + 7) / 8 * 8; }

bool map_at(char* where, u64 bytes, int protection, int fd, u64 offset) noexcept {
	return ::mmap(where, bytes, protection, MAP_SHARED | MAP_FIXED, fd, static_cast<off_t>(offset)) !=
		   MAP_FAILED;
}

} // namespace

ring_reader::ring_reader(int fd, u64 ring_bytes, data_shown shown) : ring_bytes_(ring_bytes) {
	void* const room = ::mmap(nullptr, total(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED)
		return;
	begin_ = static_cast<char*>(room);
	const bool twice = shown == data_shown::twice;
	if (map_at(begin_, page, PROT_READ | PROT_WRITE, fd, 0) &&
		map_at(begin_ + page, page + (twice ? 2 : 1) * ring_bytes, PROT_READ, fd, page) &&
		(twice || map_at(begin_ + 2 * page + ring_bytes, ring_bytes, PROT_READ, fd, 2 * page)))
		return;
	::munmap(room, total());
	begin_ = nullptr;
}

ring_reader::~ring_reader() {
	if (begin_)
		::munmap(begin_, total());
}

u64 ring_reader::read(u64 at) const noexcept {
	u64 position;
	std::memcpy(&position, begin_ + at, sizeof position);
	return position;
}

void ring_reader::set_consumer(u64 position) noexcept { std::memcpy(begin_, &position, sizeof position); }

std::vector<ring_reader::record> ring_reader::consume(std::size_t most) noexcept {
	std::vector<record> records;
	for (; most != 0 && consumer() != producer(); --most) {
		const char* const header = begin_ + 2 * page + consumer() % ring_bytes_;
		u32 word;
		std::memcpy(&word, header, sizeof word);
		if (word & busy)
			break;
		records.push_back({word, std::string(header + 8, word & ~discarded)});
		set_consumer(consumer() + padded_record(word));
	}
	return records;
}

u32 ring_reader::page_offset() const noexcept {
	u32 pages;
	std::memcpy(&pages, begin_ + 2 * page + consumer() % ring_bytes_ + sizeof(u32), sizeof pages);
	return pages;
}

} // namespace maps_diff
