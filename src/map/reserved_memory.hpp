// SPDX-License-Identifier: MIT
// Memory that is reserved at once and committed page by page as it is written to: 0 to begin with, and never
// moved. The limit is the address space, where the kernel's is its memory.
#pragma once

#include <cstddef>
#include <utility>

#include <sockops/kern/types.hpp>

namespace sockops::detail {

class reserved_memory {
  public:
	reserved_memory() = default;
	/// Without room for so many bytes it is not valid().
	explicit reserved_memory(u64 bytes) noexcept;
	/// The first `bytes` of a memfd, shared with whoever maps it too.
	reserved_memory(u64 bytes, int memfd) noexcept;
	reserved_memory(reserved_memory&& other) noexcept
		: begin_(std::exchange(other.begin_, nullptr)), bytes_(other.bytes_) {}
	reserved_memory& operator=(reserved_memory&& other) noexcept {
		std::swap(begin_, other.begin_);
		std::swap(bytes_, other.bytes_);
		return *this;
	}
	~reserved_memory();

	/// Takes over what another has given away by release().
	static reserved_memory adopt(void* begin, u64 bytes) noexcept {
		reserved_memory taken;
		taken.begin_ = static_cast<std::byte*>(begin);
		taken.bytes_ = bytes;
		return taken;
	}
	std::byte* release() noexcept { return std::exchange(begin_, nullptr); }

	bool valid() const noexcept { return begin_ != nullptr; }
	std::byte* begin() const noexcept { return begin_; }

  private:
	std::byte* begin_ = nullptr;
	u64 bytes_ = 0;
};

/// A memfd of so many bytes, all 0; -1.
[[nodiscard]] int make_memfd(const char* name, u64 bytes) noexcept;

} // namespace sockops::detail
