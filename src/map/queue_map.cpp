// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_QUEUE and BPF_MAP_TYPE_STACK: values in the order in which they came, without keys. The oldest
// of a QUEUE is read and taken, the youngest of a STACK. User space looks up, takes and updates with a null
// key.
#include <cerrno>
#include <cstring>
#include <mutex>

#include "map_type.hpp"
#include "reserved_memory.hpp"
#include "value_words.hpp"

namespace sockops {

namespace {

struct queue_map final : bpf_map {
	/// Takes attributes that bpf_map_create() has checked.
	explicit queue_map(const bpf_map_attr& with);
	/// Was there memory?
	bool valid() const noexcept { return memory_.valid(); }

	int push_elem(const void* value, u64 flags) noexcept override;
	int pop_elem(void* value) noexcept override { return zeroed_if_empty(value, read(value, true)); }
	int peek_elem(void* value) noexcept override { return zeroed_if_empty(value, read(value, false)); }

	int sys_lookup_elem(const void* key, void* value, u64 flags) noexcept override;
	/// -EINVAL for any flag.
	int sys_lookup_and_delete_elem(const void* key, void* value, u64 flags) noexcept override;
	int sys_update_elem(const void* key, const void* value, u64 flags) noexcept override;
	/// -EINVAL.
	int sys_delete_elem(const void* key) noexcept override;
	/// -EINVAL.
	int get_next_key(const void* key, void* next) noexcept override;

  private:
	bool is_stack() const noexcept { return attr.map_type == BPF_MAP_TYPE_STACK; }
	/// Where the value is that so many older ones are before.
	std::byte* at(u32 older) const noexcept {
		return memory_.begin() + (u64{first_} + older) % attr.max_entries * stride_;
	}
	void drop_oldest() noexcept {
		first_ = static_cast<u32>((u64{first_} + 1) % attr.max_entries);
		--count_;
	}
	/// 0 and the value that is next, which is taken or not; -ENOENT.
	int read(void* value, bool take) noexcept;
	int zeroed_if_empty(void* value, int result) const noexcept {
		if (result != 0)
			std::memset(value, 0, attr.value_size);
		return result;
	}

	const std::size_t stride_;
	detail::reserved_memory memory_;
	std::mutex lock_; ///< of all below, and of the values
	u32 first_ = 0;   ///< where the oldest is
	u32 count_ = 0;
};

queue_map::queue_map(const bpf_map_attr& with)
	: bpf_map(with), stride_(detail::padded(with.value_size)), memory_(u64{with.max_entries} * stride_) {}

int queue_map::push_elem(const void* value, u64 flags) noexcept {
	if (flags != BPF_ANY && flags != BPF_EXIST)
		return -EINVAL;
	tell_observers(nullptr);
	std::lock_guard held(lock_);
	if (count_ == attr.max_entries) {
		if (flags != BPF_EXIST)
			return -E2BIG;
		drop_oldest();
	}
	detail::store_words(at(count_++), value, attr.value_size);
	return 0;
}

int queue_map::read(void* value, bool take) noexcept {
	if (take)
		tell_observers(nullptr);
	std::lock_guard held(lock_);
	if (count_ == 0)
		return -ENOENT;
	detail::load_words(value, at(is_stack() ? count_ - 1 : 0), attr.value_size);
	if (take && is_stack())
		--count_;
	else if (take)
		drop_oldest();
	return 0;
}

int queue_map::sys_lookup_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_reading(flags))
		return error;
	return key ? -EINVAL : read(value, false);
}

int queue_map::sys_lookup_and_delete_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_taking(flags))
		return error;
	return key ? -EINVAL : read(value, true);
}

int queue_map::sys_update_elem(const void* key, const void* value, u64 flags) noexcept {
	if (const int error = refuse_writing(flags))
		return error;
	return key ? -EINVAL : push_elem(value, flags);
}

int queue_map::sys_delete_elem(const void*) noexcept {
	const int error = refuse_writing();
	return error ? error : -EINVAL;
}

int queue_map::get_next_key(const void*, void*) noexcept {
	const int error = refuse_reading();
	return error ? error : -EINVAL;
}

void check_queue(detail::attribute_check& check) {
	constexpr u32 largest_value = 4u << 20; // KMALLOC_MAX_SIZE
	check.has_entries()
		.has_no_key()
		.has_value()
		.flags_among(BPF_F_NUMA_NODE | detail::one_way | detail::prog_one_way)
		.refuse_if(check.attr().value_size > largest_value, E2BIG, "value_size", check.attr().value_size,
				   "a value has at most 4194304 bytes");
}

} // namespace

const detail::map_type detail::queue_type{check_queue, make_map<queue_map>};
const detail::map_type detail::stack_type{check_queue, make_map<queue_map>};

} // namespace sockops
