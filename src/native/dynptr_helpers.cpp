// SPDX-License-Identifier: MIT
// Dynamic pointers, for natively compiled programs: what a program holds as 16 bytes is here the place, the
// size and the kind of the memory, in the open.
#include <cerrno>

#include <sockops/map/ring_buffer.hpp>

#include "helper.hpp"

using namespace sockops;
using namespace sockops::native;

namespace {

constexpr u32 max_dynptr_size = (1u << 24) - 1;

/// In place of struct bpf_dynptr. Without data: null, as after an error.
struct dynptr {
	std::byte* data = nullptr;
	u32 size = 0;
	u32 is_record = 0;
};
static_assert(sizeof(dynptr) == 16, "struct bpf_dynptr");

/// 0, or -errno: are `len` bytes at `offset` in it?
int check_range(const dynptr& in, u32 offset, u32 len, u64 flags) noexcept {
	if (!in.data || flags != 0)
		return -EINVAL;
	return len > in.size || offset > in.size - len ? -E2BIG : 0;
}

void give_back(dynptr& held, const char* helper, void (*how)(void*, u64) noexcept, u64 flags) noexcept {
	if (held.data && !held.is_record)
		return illegal_use(helper, "the dynptr holds no record of a ring buffer");
	if (held.data)
		how(held.data, flags);
	held = {};
}

} // namespace

extern "C" {

long sockops_native_bpf_dynptr_from_mem(void* data, u32 size, u64 flags, void* ptr) {
	auto& made = *static_cast<dynptr*>(ptr);
	made = {};
	if (size > max_dynptr_size)
		return -E2BIG;
	if (flags != 0)
		return -EINVAL;
	made = {static_cast<std::byte*>(data), size, 0};
	return 0;
}

long sockops_native_bpf_dynptr_read(void* dst, u32 len, const void* src, u32 offset, u64 flags) {
	const auto& from = *static_cast<const dynptr*>(src);
	const int error = check_range(from, offset, len, flags);
	if (error == 0)
		std::memmove(dst, from.data + offset, len);
	return error;
}

long sockops_native_bpf_dynptr_write(const void* dst, u32 offset, const void* src, u32 len, u64 flags) {
	const auto& to = *static_cast<const dynptr*>(dst);
	const int error = check_range(to, offset, len, flags);
	if (error == 0)
		std::memmove(to.data + offset, src, len);
	return error;
}

void* sockops_native_bpf_dynptr_data(const void* ptr, u32 offset, u32 len) {
	const auto& in = *static_cast<const dynptr*>(ptr);
	return check_range(in, offset, len, 0) == 0 ? in.data + offset : nullptr;
}

long sockops_native_bpf_ringbuf_reserve_dynptr(void* ringbuf, u32 size, u64 flags, void* ptr) {
	auto& made = *static_cast<dynptr*>(ptr);
	made = {};
	auto* const ring =
		map_of_type<ring_buffer_map>(ringbuf, BPF_MAP_TYPE_RINGBUF, "bpf_ringbuf_reserve_dynptr");
	if (!ring || flags != 0)
		return -EINVAL;
	if (size > max_dynptr_size)
		return -E2BIG;
	void* const record = ring->reserve(size, 0);
	if (!record)
		return -EINVAL;
	made = {static_cast<std::byte*>(record), size, 1};
	return 0;
}

void sockops_native_bpf_ringbuf_submit_dynptr(void* ptr, u64 flags) {
	give_back(*static_cast<dynptr*>(ptr), "bpf_ringbuf_submit_dynptr", ring_buffer_map::submit, flags);
}
void sockops_native_bpf_ringbuf_discard_dynptr(void* ptr, u64 flags) {
	give_back(*static_cast<dynptr*>(ptr), "bpf_ringbuf_discard_dynptr", ring_buffer_map::discard, flags);
}

} // extern "C"
