// SPDX-License-Identifier: MIT
// A reader of a ring buffer that knows it only by its memory, as one in another process would: the kernel's
// and the library's alike. No run of a program and no other reader may be under way meanwhile.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/kern/types.hpp>

namespace maps_diff {

using sockops::u32;
using sockops::u64;

class ring_reader {
  public:
	/// Does a mapping show the data once, or twice in a row by itself?
	enum class data_shown { once, twice };

	ring_reader(int fd, u64 ring_bytes, data_shown shown);
	~ring_reader();
	ring_reader(const ring_reader&) = delete;
	ring_reader& operator=(const ring_reader&) = delete;

	/// Was it mapped?
	bool valid() const noexcept { return begin_ != nullptr; }

	u64 consumer() const noexcept { return read(0); }
	u64 producer() const noexcept { return read(page); }
	/// As a reader that keeps to no rule may.
	void set_consumer(u64 position) noexcept;
	/// All of it, read or not.
	std::string_view data() const noexcept { return {begin_ + 2 * page, ring_bytes_}; }

	struct record {
		u32 word; ///< its length, and the discard bit
		std::string data;
	};
	/// Takes complete records, so many at most.
	std::vector<record> consume(std::size_t most) noexcept;
	/// Where the oldest record says that it lies, in pages from the first of the ring's memory.
	u32 page_offset() const noexcept;

  private:
	static constexpr u64 page = 4096;
	u64 total() const noexcept { return 2 * page + 2 * ring_bytes_; }
	u64 read(u64 at) const noexcept;

	const u64 ring_bytes_;
	char* begin_ = nullptr;
};

} // namespace maps_diff
