// SPDX-License-Identifier: MIT
// The values of a PERCPU map: a plane for each CPU, with a value for each slot. Planes share no cache line,
// and one that no thread has used costs no memory.
#pragma once

#include <atomic>

#include <sockops/map/bpf_map.hpp>

#include "reserved_memory.hpp"
#include "value_words.hpp"

namespace sockops::detail {

class percpu_values {
  public:
	percpu_values(u32 slots, u32 value_size) noexcept;
	bool valid() const noexcept { return memory_.valid(); }

	/// For a program, which may write to it.
	std::byte* value(u32 slot, u32 cpu) noexcept {
		if (cpu >= used_.load(std::memory_order_relaxed)) [[unlikely]]
			use(cpu);
		return place(slot, cpu);
	}
	std::byte* mine(u32 slot) noexcept { return value(slot, smp_processor_id()); }
	/// A value for this CPU, all 0 for the others.
	void init(u32 slot, const void* from) noexcept;
	void assign_mine(u32 slot, const void* from) noexcept;

	/// What user space copies: padded(value_size) bytes for each CPU.
	static u32 all_bytes(u32 value_size) noexcept {
		return static_cast<u32>(detail::padded(value_size) * num_possible_cpus);
	}
	void read_all(u32 slot, void* to) const noexcept;
	void assign_all(u32 slot, const void* from) noexcept;

	bpf_map_area area() const noexcept;
	/// Of a value in the area.
	u32 slot_of(const void* value) const noexcept {
		const auto from = static_cast<u64>(static_cast<const std::byte*>(value) - memory_.begin());
		return static_cast<u32>(from / stride_ % slots_);
	}

  private:
	void use(u32 cpu) noexcept;
	std::byte* place(u32 slot, u32 cpu) const noexcept {
		return memory_.begin() + (u64{cpu} * slots_ + slot) * stride_;
	}

	u32 value_size_;
	u64 stride_;               ///< bytes from a value to the next slot's
	u64 slots_;                ///< of a plane: a whole number of cache lines
	std::atomic<u32> used_{0}; ///< CPUs from here on have written nothing: their values are 0
	reserved_memory memory_;
};

} // namespace sockops::detail
