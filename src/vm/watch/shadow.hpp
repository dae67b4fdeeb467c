// SPDX-License-Identifier: MIT
// Which bits of a run's memory nobody has written, and where those that were copied came from.
//
//   byte_shadow    the frames of one run, and each record that it has: byte by byte
//   value_shadow   values of maps and of sockets' storage outlive a run, so there is one for the process.
//                  Only what is not written is kept, with what stood there at the time: where something
//                  else stands later, somebody has written it whom nobody followed, as user space
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include <sockops/vm/insn.hpp>

#include "origin.hpp"

namespace sockops::vm {

/// The unwritten bits of up to 8 bytes, the first the lowest, and the origin of the first of them.
struct shadow {
	u64 undefined = 0;
	origin_id origin = 0;
};

class byte_shadow {
  public:
	/// None of them is written.
	explicit byte_shadow(std::size_t size) : undefined_(size, 0xff), origins_(size, 0) {}

	std::size_t size() const noexcept { return undefined_.size(); }
	// `at`: which byte. What nobody wrote has origin 0.
	u8 undefined(u64 at) const noexcept { return undefined_[at]; }
	origin_id origin(u64 at) const noexcept { return origins_[at]; }
	/// Of 1 to 8 bytes.
	shadow load(u64 at, u32 size) const noexcept;
	void store(u64 at, u32 size, shadow what) noexcept;
	void set_written(u64 at, u64 size) noexcept;
	void set_unwritten(u64 at, u64 size) noexcept;

  private:
	std::vector<u8> undefined_;
	std::vector<origin_id> origins_;
};

/// A record of a ring buffer that a program has not given back.
struct record_shadow : byte_shadow {
	u64 base;

	record_shadow(u64 address, std::size_t size) : byte_shadow(size), base(address) {}
};

class record_table {
  public:
	/// The one in which all of it lies; nullptr: in none.
	record_shadow* find(u64 address, u64 size) noexcept;
	void add(u64 base, std::size_t size);
	void remove(u64 base) noexcept;

  private:
	std::vector<record_shadow> all_;
};

class value_shadow {
  public:
	struct byte {
		u8 undefined = 0;
		u32 text = 0; ///< of text_of()
	};

	/// Is there nothing at all? Then nothing has to be asked or told.
	bool empty() const noexcept { return count_.load(std::memory_order_relaxed) == 0; }

	// `at`: of this process, and can be read.

	byte load(const u8* at) noexcept;
	/// Up to eight bytes, which stand there already, by the bits of `undefined`; a byte without one is
	/// written.
	void store(const u8* at, u32 size, u64 undefined, u32 text) noexcept;
	void set_written(const u8* at, u64 size) noexcept;
	/// A number for words that outlive a run.
	u32 number_of(const std::string& text);
	std::string text_of(u32 number);

  private:
	struct kept {
		u8 undefined, content;
		u32 text;
	};
	// With the lock held.
	byte find(const u8* at) noexcept;
	void keep(const u8* at, u8 undefined, u32 text) noexcept;
	void changed() noexcept { count_.store(bytes_.size(), std::memory_order_relaxed); }

	static constexpr std::size_t max_bytes = 1 << 22, max_texts = 1 << 16; ///< then all is forgotten

	std::mutex lock_;
	std::atomic<std::size_t> count_{0}; ///< relaxed: a run sees its own stores; others' may race as values do
	std::unordered_map<const u8*, kept> bytes_;
	std::vector<std::string> texts_;
	std::unordered_map<std::string, u32> numbers_;
};

/// That of the process.
value_shadow& all_values() noexcept;

} // namespace sockops::vm
