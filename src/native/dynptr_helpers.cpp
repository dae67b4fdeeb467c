// SPDX-License-Identifier: MIT
// Dynamic pointers, for natively compiled programs: what a program holds as 16 bytes is here the memory, the
// part of it that is shown, and its kind, in the open. The rules are those of interpreted programs.
#include <cerrno>

#include <sockops/map/ring_buffer.hpp>

#include "../vm/dynptr_rules.hpp"
#include "helper.hpp"

using namespace sockops;
using namespace sockops::native;
using vm::dynptr_bytes;

namespace {

/// In place of struct bpf_dynptr. Without memory: null, as after an error.
struct dynptr {
	u8* base;
	u32 size : 24, is_record : 8;
	u32 offset;

	static dynptr of(void* memory, u32 bytes, bool record) noexcept {
		return {static_cast<u8*>(memory), bytes & vm::max_dynptr_size, record, 0};
	}
	dynptr_bytes bytes() const noexcept { return {base, offset, size}; }
};
static_assert(sizeof(dynptr) == 16, "struct bpf_dynptr");

dynptr& at(void* ptr) noexcept { return *static_cast<dynptr*>(ptr); }
dynptr_bytes bytes_at(const void* ptr) noexcept { return static_cast<const dynptr*>(ptr)->bytes(); }

void give_back(dynptr& held, const char* helper, void (*how)(void*, u64) noexcept, u64 flags) noexcept {
	if (held.base && !held.is_record)
		return illegal_use(helper, "the dynptr holds no record of a ring buffer");
	if (held.base)
		how(held.base, flags);
	held = {};
}

/// What `read` reads goes into the dynptr.
template <class Read>
int read_into(void* dptr, u32 offset, u32 size, Read read) noexcept {
	const dynptr_bytes to = bytes_at(dptr);
	if (!vm::holds(to, offset, size))
		return -E2BIG;
	return to.base ? static_cast<int>(read(to.data() + offset)) : 0;
}

} // namespace

extern "C" {

// As texts have them (text_helpers.cpp).
long sockops_native_bpf_probe_read_kernel(void* dst, u32 size, const void* unsafe_ptr);
long sockops_native_bpf_probe_read_kernel_str(void* dst, u32 size, const void* unsafe_ptr);
long sockops_native_bpf_probe_read_user(void* dst, u32 size, const void*);

long sockops_native_bpf_dynptr_from_mem(void* data, u32 size, u64 flags, void* ptr) {
	at(ptr) = {};
	if (size > vm::max_dynptr_size)
		return -E2BIG;
	if (flags != 0)
		return -EINVAL;
	at(ptr) = dynptr::of(data, size, false);
	return 0;
}

long sockops_native_bpf_dynptr_read(void* dst, u32 len, const void* src, u32 offset, u64 flags) {
	const dynptr_bytes from = bytes_at(src);
	const int error = vm::check_range(from, offset, len, flags);
	if (error == 0)
		std::memmove(dst, from.data() + offset, len);
	return error;
}

long sockops_native_bpf_dynptr_write(const void* dst, u32 offset, const void* src, u32 len, u64 flags) {
	const dynptr_bytes to = bytes_at(dst);
	const int error = vm::check_range(to, offset, len, flags);
	if (error == 0)
		std::memmove(to.data() + offset, src, len);
	return error;
}

void* sockops_native_bpf_dynptr_data(const void* ptr, u32 offset, u32 len) {
	return vm::slice_of(bytes_at(ptr), offset, len);
}
void* sockops_native_bpf_dynptr_slice(const void* p, u32 offset, void*, u32 len) {
	return vm::slice_of(bytes_at(p), offset, len);
}

u32 sockops_native_bpf_dynptr_size(const void* p) { return vm::size_or_error(bytes_at(p)); }
bool sockops_native_bpf_dynptr_is_null(const void* p) { return !bytes_at(p).base; }
bool sockops_native_bpf_dynptr_is_rdonly(const void*) { return false; }

int sockops_native_bpf_dynptr_adjust(const void* p, u32 start, u32 end) {
	dynptr& adjusted = at(const_cast<void*>(p)); // const in the kernel's prototype
	dynptr_bytes bytes = adjusted.bytes();
	const int error = vm::adjust(bytes, start, end);
	adjusted.offset = bytes.offset;
	adjusted.size = bytes.size & vm::max_dynptr_size;
	return error;
}

int sockops_native_bpf_dynptr_clone(const void* p, void* clone) {
	at(clone) = *static_cast<const dynptr*>(p);
	return bytes_at(p).base ? 0 : -EINVAL;
}

int sockops_native_bpf_dynptr_copy(void* dst, u32 dst_off, const void* src, u32 src_off, u32 size) {
	return vm::copy(bytes_at(dst), dst_off, bytes_at(src), src_off, size);
}

int sockops_native_bpf_dynptr_memset(void* p, u32 offset, u32 size, u8 val) {
	return vm::fill(bytes_at(p), offset, size, val);
}

int sockops_native_bpf_probe_read_kernel_dynptr(void* dptr, u32 off, u32 size, const void* from) {
	return read_into(dptr, off, size,
					 [&](u8* to) { return sockops_native_bpf_probe_read_kernel(to, size, from); });
}
int sockops_native_bpf_probe_read_kernel_str_dynptr(void* dptr, u32 off, u32 size, const void* from) {
	return read_into(dptr, off, size,
					 [&](u8* to) { return sockops_native_bpf_probe_read_kernel_str(to, size, from); });
}
int sockops_native_bpf_probe_read_user_dynptr(void* dptr, u32 off, u32 size, const void* from) {
	return read_into(dptr, off, size,
					 [&](u8* to) { return sockops_native_bpf_probe_read_user(to, size, from); });
}
int sockops_native_bpf_probe_read_user_str_dynptr(void* dptr, u32 off, u32 size, const void* from) {
	return sockops_native_bpf_probe_read_user_dynptr(dptr, off, size, from);
}

long sockops_native_bpf_ringbuf_reserve_dynptr(void* ringbuf, u32 size, u64 flags, void* ptr) {
	at(ptr) = {};
	auto* const ring =
		map_of_type<ring_buffer_map>(ringbuf, BPF_MAP_TYPE_RINGBUF, "bpf_ringbuf_reserve_dynptr");
	if (!ring || flags != 0)
		return -EINVAL;
	if (size > vm::max_dynptr_size)
		return -E2BIG;
	void* const record = ring->reserve(size, 0);
	if (!record)
		return -EINVAL;
	at(ptr) = dynptr::of(record, size, true);
	return 0;
}

void sockops_native_bpf_ringbuf_submit_dynptr(void* ptr, u64 flags) {
	give_back(at(ptr), "bpf_ringbuf_submit_dynptr", ring_buffer_map::submit, flags);
}
void sockops_native_bpf_ringbuf_discard_dynptr(void* ptr, u64 flags) {
	give_back(at(ptr), "bpf_ringbuf_discard_dynptr", ring_buffer_map::discard, flags);
}

} // extern "C"
