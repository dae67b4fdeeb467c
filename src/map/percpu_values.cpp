// SPDX-License-Identifier: MIT
// Planes from used_ on are never read, so that their pages are not even made.

#include <numeric>

#include "percpu_values.hpp"

namespace sockops::detail {

namespace {

constexpr u64 cache_line = 64;

/// So many that they are a whole number of cache lines.
u64 rounded_slots(u64 slots, u64 stride) noexcept {
	const u64 unit = cache_line / std::gcd(cache_line, stride);
	return (slots + unit - 1) / unit * unit;
}

bool all_zero(const std::byte* bytes, std::size_t count) noexcept {
	for (std::size_t at = 0; at != count; at += sizeof(u64))
		if (detail::load_word(bytes + at) != 0)
			return false;
	return true;
}

} // namespace

percpu_values::percpu_values(u32 slots, u32 value_size) noexcept
	: value_size_(value_size), stride_(detail::padded(value_size)), slots_(rounded_slots(slots, stride_)),
	  memory_(slots_ * stride_ * num_possible_cpus) {}

void percpu_values::use(u32 cpu) noexcept {
	u32 used = used_.load(std::memory_order_relaxed);
	while (used <= cpu && !used_.compare_exchange_weak(used, cpu + 1, std::memory_order_relaxed)) {
	}
}

void percpu_values::init(u32 slot, const void* from) noexcept {
	const u32 self = smp_processor_id();
	use(self);
	const u32 used = used_.load(std::memory_order_relaxed);
	for (u32 cpu = 0; cpu != used; ++cpu)
		if (cpu != self)
			detail::zero_words(place(slot, cpu), stride_);
	detail::store_words(place(slot, self), from, value_size_);
}

void percpu_values::assign_mine(u32 slot, const void* from) noexcept {
	detail::store_words(mine(slot), from, value_size_);
}

void percpu_values::read_all(u32 slot, void* to) const noexcept {
	auto* const out = static_cast<std::byte*>(to);
	const u32 used = used_.load(std::memory_order_relaxed);
	for (u32 cpu = 0; cpu != used; ++cpu)
		detail::load_words(out + cpu * stride_, place(slot, cpu), stride_);
	std::memset(out + used * stride_, 0, (num_possible_cpus - used) * stride_);
}

void percpu_values::assign_all(u32 slot, const void* from) noexcept {
	const auto* const in = static_cast<const std::byte*>(from);
	u32 count = num_possible_cpus;
	const u32 used = used_.load(std::memory_order_relaxed);
	while (count > used && all_zero(in + (count - 1) * stride_, stride_))
		--count;
	if (count > used)
		use(count - 1);
	for (u32 cpu = 0; cpu != count; ++cpu)
		detail::store_words(place(slot, cpu), in + cpu * stride_, stride_);
}

bpf_map_area percpu_values::area() const noexcept {
	return {memory_.begin(), stride_, slots_ * num_possible_cpus, value_size_};
}

} // namespace sockops::detail
