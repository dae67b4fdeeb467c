// SPDX-License-Identifier: MIT
// A string wherever an address leads, which is read byte after byte and may end in memory that is not there.
#pragma once

#include <cerrno>

#include "argument_kind.hpp"

namespace sockops::helper {

class unsafe_text {
  public:
	static constexpr auto kinds = one_register(argument_kind::what::address, true);
	/// Has `text` hold what is there from number `at` on, or returns false.
	using find_fn = bool (*)(unsafe_text& text, u32 at) noexcept;

	/// Where nothing is held yet.
	unsafe_text(u64 address, void* reader, find_fn find) noexcept
		: address_(address), reader_(reader), find_(find) {}

	/// A byte (0 to 255), or -EFAULT.
	int operator()(int at) noexcept {
		++bytes_read_;
		const u32 within = static_cast<u32>(at) - begin_;
		if (within < size_) [[likely]]
			return bytes_[within];
		return find_(*this, static_cast<u32>(at)) ? *bytes_ : -EFAULT;
	}
	/// A kernel looks first whether it can be an address of its own at all.
	bool is_there() noexcept { return (*this)(0) >= 0; }

	u64 address() const noexcept { return address_; }
	void* reader() const noexcept { return reader_; }
	u32 bytes_read() const noexcept { return bytes_read_; }
	/// How many bytes to look for at a time: what is not there once is not looked for again.
	u32 piece = 64;

	/// `size` bytes from number `begin` on are at hand.
	void hold(const u8* bytes, u32 begin, u32 size) noexcept {
		bytes_ = bytes;
		begin_ = begin;
		size_ = size;
	}

  private:
	u64 address_;
	void* reader_;
	find_fn find_;
	const u8* bytes_ = nullptr;
	u32 begin_ = 0, size_ = 0; ///< of `bytes_`
	u32 bytes_read_ = 0;
};

} // namespace sockops::helper
