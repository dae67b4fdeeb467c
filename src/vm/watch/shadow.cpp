// SPDX-License-Identifier: MIT
#include "shadow.hpp"

#include <algorithm>

namespace sockops::vm {

shadow frame_shadow::load(u32 at, u32 size) const noexcept {
	shadow found;
	for (u32 i = 0; i != size; ++i)
		if (const u8 bits = undefined_[at + i]) {
			if (found.undefined == 0)
				found.origin = origins_[at + i];
			found.undefined |= u64{bits} << i * 8;
		}
	return found;
}

void frame_shadow::store(u32 at, u32 size, shadow what) noexcept {
	for (u32 i = 0; i != size; ++i) {
		undefined_[at + i] = static_cast<u8>(what.undefined >> i * 8);
		origins_[at + i] = what.origin;
	}
}

void frame_shadow::set_written(u32 at, u32 size) noexcept {
	std::fill_n(undefined_.begin() + at, size, u8{0});
}

void frame_shadow::begin_frame(u32 frame) noexcept {
	std::fill_n(undefined_.begin() + frame * max_bpf_stack, max_bpf_stack, u8{0xff});
	std::fill_n(origins_.begin() + frame * max_bpf_stack, max_bpf_stack, origin_id{0});
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

void value_shadow::set_unwritten(const u8* at, u64 size) noexcept {
	const std::lock_guard held(lock_);
	for (u64 i = 0; i != size; ++i)
		keep(at + i, 0xff, 0);
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
