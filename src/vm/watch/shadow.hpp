// SPDX-License-Identifier: MIT
// Which bits of a run's memory nobody has written, and where those that were copied came from.
//
//   frame_shadow   the frames of one run, byte by byte
//   value_shadow   values of maps, of sockets' storage and records: they outlive a run, so there is one for
//   the
//                  process. Only what is not written is kept, with what stood there at the time: where
//                  something else stands later, somebody has written it, and who gave the memory back need
//                  not tell
#pragma once

#include <array>
#include <atomic>
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

class frame_shadow {
  public:
	static constexpr u32 room = max_call_frames * max_bpf_stack;

	/// `at`: bytes from the lowest frame's bottom. What nobody wrote has origin 0.
	u8 undefined(u32 at) const noexcept { return undefined_[at]; }
	origin_id origin(u32 at) const noexcept { return origins_[at]; }
	/// Of 1 to 8 bytes.
	shadow load(u32 at, u32 size) const noexcept;
	void store(u32 at, u32 size, shadow what) noexcept;
	void set_written(u32 at, u32 size) noexcept;
	/// A frame is entered.
	void begin_frame(u32 frame) noexcept;

  private:
	std::array<u8, room> undefined_;
	std::array<origin_id, room> origins_;
};

class value_shadow {
  public:
	struct byte {
		u8 undefined = 0;
		u32 text = 0; ///< of text_of(); 0: it was never written where it is
	};

	/// Is there nothing at all? Then nothing has to be asked or told.
	bool empty() const noexcept { return count_.load(std::memory_order_relaxed) == 0; }
	// `at`: of this process, and can be read.

	byte load(const u8* at) noexcept;
	/// Up to eight bytes, which stand there already, by the bits of `undefined`; a byte without one is
	/// written.
	void store(const u8* at, u32 size, u64 undefined, u32 text) noexcept;
	/// None of these bytes, which hold something already, is written.
	void set_unwritten(const u8* at, u64 size) noexcept;
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
