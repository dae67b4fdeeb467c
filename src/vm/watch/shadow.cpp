// SPDX-License-Identifier: MIT
#include "shadow.hpp"

#include <algorithm>

namespace sockops::vm {

shadow byte_shadow::load(u64 at, u32 size) const noexcept {
	shadow found;
	for (u32 i = 0; i != size; ++i)
		if (const u8 bits = undefined_[at + i]) {
			if (found.undefined == 0)
				found.origin = origins_[at + i];
			found.undefined |= u64{bits} << i * 8;
		}
	return found;
}

void byte_shadow::store(u64 at, u32 size, shadow what) noexcept {
	for (u32 i = 0; i != size; ++i) {
		undefined_[at + i] = static_cast<u8>(what.undefined >> i * 8);
		origins_[at + i] = what.origin;
	}
}

void byte_shadow::set_written(u64 at, u64 size) noexcept { std::fill_n(undefined_.data() + at, size, u8{0}); }

void byte_shadow::set_unwritten(u64 at, u64 size) noexcept {
	std::fill_n(undefined_.data() + at, size, u8{0xff});
	std::fill_n(origins_.data() + at, size, origin_id{0});
}

record_shadow* record_table::find(u64 address, u64 size) noexcept {
	for (record_shadow& each : all_)
		if (size <= each.size() && address - each.base <= each.size() - size)
			return &each;
	return nullptr;
}

void record_table::add(u64 base, std::size_t size) {
	remove(base);
	all_.emplace_back(base, size);
}

void record_table::remove(u64 base) noexcept {
	std::erase_if(all_, [&](const record_shadow& each) { return each.base == base; });
}

/// What another thread's program writes meanwhile is its affair.
[[gnu::no_sanitize_thread]] static u8 content_of(const u8* at) noexcept { return *at; }

value_shadow::byte value_shadow::find(const u8* at) noexcept {
	const auto found = bytes_.find(at);
	if (found == bytes_.end())
		return {};
	const auto [undefined, content, text] = found->second;
	if (content_of(at) == content)
		return {undefined, text};
	bytes_.erase(found);
	changed();
	return {};
}

void value_shadow::keep(const u8* at, u8 undefined, u32 text) noexcept {
	if (bytes_.size() == max_bytes)
		bytes_.clear();
	bytes_.insert_or_assign(at, kept{undefined, content_of(at), text});
}

value_shadow::byte value_shadow::load(const u8* at) noexcept {
	const std::lock_guard held(lock_);
	return find(at);
}

void value_shadow::store(const u8* at, u32 size, u64 undefined, u32 text) noexcept {
	const std::lock_guard held(lock_);
	for (u32 i = 0; i != size; ++i)
		if (const auto bits = static_cast<u8>(undefined >> i * 8))
			keep(at + i, bits, text);
		else
			bytes_.erase(at + i);
	changed();
}

void value_shadow::set_written(const u8* at, u64 size) noexcept {
	if (empty())
		return;
	const std::lock_guard held(lock_);
	for (u64 i = 0; i != size; ++i)
		bytes_.erase(at + i);
	changed();
}

u32 value_shadow::number_of(const std::string& text) {
	const std::lock_guard held(lock_);
	const auto [at, is_new] = numbers_.try_emplace(text, static_cast<u32>(texts_.size() + 1));
	if (!is_new)
		return at->second;
	if (texts_.size() == max_texts) {
		numbers_.erase(at);
		return max_texts;
	}
	texts_.push_back(text);
	return at->second;
}

std::string value_shadow::text_of(u32 number) {
	const std::lock_guard held(lock_);
	return texts_[number - 1];
}

value_shadow& all_values() noexcept {
	static value_shadow all;
	return all;
}

} // namespace sockops::vm
