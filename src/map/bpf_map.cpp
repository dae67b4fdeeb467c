// SPDX-License-Identifier: MIT
// What a map answers that has no such operation; references, numbers and names.
#include <sockops/map/bpf_map.hpp>

#include <cerrno>
#include <utility>

#include <sockops/kern/errno.hpp>

namespace sockops {

namespace {

constexpr int not_supported = -kern_errno::notsupp;

/// A key for a map without keys is refused first.
int no_operation(const bpf_map_attr& attr, const void* key) noexcept {
	return attr.key_size == 0 && key ? -EINVAL : not_supported;
}

} // namespace

bpf_map::bpf_map(bpf_map_attr with) : attr(std::move(with)), id(next_map_id()) { rcu.map = this; }

void* bpf_map::lookup_elem(const void*) noexcept { return nullptr; }
void* bpf_map::lookup_percpu_elem(const void*, u32) noexcept { return nullptr; }
int bpf_map::update_elem(const void*, const void*, u64) noexcept { return -EOPNOTSUPP; }
int bpf_map::delete_elem(const void*) noexcept { return -EOPNOTSUPP; }
int bpf_map::for_each(int (*)(void*, void*, void*), void*) noexcept { return -EINVAL; }

int bpf_map::sys_lookup_elem(const void* key, void*, u64 flags) noexcept {
	const int error = refuse_reading(flags);
	return error ? error : no_operation(attr, key);
}
int bpf_map::sys_update_elem(const void* key, const void*, u64 flags) noexcept {
	const int error = refuse_writing(flags);
	return error ? error : no_operation(attr, key);
}
int bpf_map::sys_delete_elem(const void* key) noexcept {
	const int error = refuse_writing();
	return error ? error : no_operation(attr, key);
}
int bpf_map::get_next_key(const void* key, void*) noexcept {
	const int error = refuse_reading();
	return error ? error : no_operation(attr, key);
}

int bpf_map::refuse_reading(u64 flags) const noexcept {
	if (flags & ~u64{BPF_F_LOCK})
		return -EINVAL;
	if (attr.map_flags & BPF_F_WRONLY)
		return -EPERM;
	return (flags & BPF_F_LOCK) && attr.spin_lock_off < 0 ? -EINVAL : 0;
}
int bpf_map::refuse_writing(u64 flags) const noexcept {
	if ((attr.map_flags & BPF_F_RDONLY) || frozen.load(std::memory_order_relaxed))
		return -EPERM;
	return (flags & BPF_F_LOCK) && attr.spin_lock_off < 0 ? -EINVAL : 0;
}

int bpf_map::freeze() noexcept {
	if (attr.spin_lock_off >= 0)
		return not_supported;
	if (const int error = refuse_writing())
		return error;
	frozen.store(true, std::memory_order_relaxed);
	return 0;
}

u32 next_map_id() noexcept {
	static constinit std::atomic<u32> last{0};
	return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

void bpf_map_put(bpf_map* map) noexcept {
	// E: acq_rel; the last put sees what every other holder did before its own.
	if (map->refcnt.fetch_sub(1, std::memory_order_acq_rel) == 1)
		call_rcu(&map->rcu, [](rcu_head* head) { delete static_cast<bpf_map::rcu_of_map*>(head)->map; });
}

const char* bpf_map_type_name(u32 type) noexcept {
	switch (type) {
	case BPF_MAP_TYPE_HASH:
		return "HASH";
	case BPF_MAP_TYPE_ARRAY:
		return "ARRAY";
	case BPF_MAP_TYPE_PROG_ARRAY:
		return "PROG_ARRAY";
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
		return "PERF_EVENT_ARRAY";
	case BPF_MAP_TYPE_PERCPU_HASH:
		return "PERCPU_HASH";
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		return "PERCPU_ARRAY";
	case BPF_MAP_TYPE_LRU_HASH:
		return "LRU_HASH";
	case BPF_MAP_TYPE_SOCKMAP:
		return "SOCKMAP";
	case BPF_MAP_TYPE_SOCKHASH:
		return "SOCKHASH";
	case BPF_MAP_TYPE_SK_STORAGE:
		return "SK_STORAGE";
	case BPF_MAP_TYPE_RINGBUF:
		return "RINGBUF";
	default:
		return "UNKNOWN";
	}
}

} // namespace sockops
