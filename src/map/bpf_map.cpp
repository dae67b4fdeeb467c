// SPDX-License-Identifier: MIT
// What a map answers that has no such operation; references and numbers.
#include <sockops/map/bpf_map.hpp>

#include <cerrno>
#include <utility>

#include <sockops/kern/errno.hpp>
#include <sockops/map/map_observer.hpp>

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
int bpf_map::push_elem(const void*, u64) noexcept { return -EOPNOTSUPP; }
int bpf_map::pop_elem(void*) noexcept { return -EOPNOTSUPP; }
int bpf_map::peek_elem(void*) noexcept { return -EOPNOTSUPP; }
int bpf_map::for_each(int (*)(void*, void*, void*), void*) noexcept { return -EINVAL; }

bool bpf_map::take_records(void (*)(const std::byte*, std::size_t, void*), void*) { return false; }

int bpf_map::sys_lookup_elem(const void* key, void*, u64 flags) noexcept {
	const int error = refuse_reading(flags);
	return error ? error : no_operation(attr, key);
}
int bpf_map::sys_lookup_and_delete_elem(const void* key, void*, u64 flags) noexcept {
	const int error = refuse_taking(flags);
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

int bpf_map::refuse_taking(u64 flags) const noexcept {
	const int error = refuse_reading(flags & ~u64{BPF_F_LOCK});
	return error ? error : refuse_writing(flags);
}

const void* bpf_map::key_of_value(const void*, u32&) const noexcept { return nullptr; }

void bpf_map::watch(bpf_map_observer& observer) noexcept {
	observer.next = observers;
	observers = &observer;
}

void bpf_map::unwatch(bpf_map_observer& observer) noexcept {
	bpf_map_observer** link = &observers;
	while (*link && *link != &observer)
		link = &(*link)->next;
	if (*link)
		*link = observer.next;
}

void bpf_map::tell_each(const void* key, const void* value) noexcept {
	for (bpf_map_observer* each = observers; each; each = each->next)
		each->about_to_change(*this, key, value);
}

void bpf_map::tell_by_value(const void* value) noexcept {
	u32 index = 0;
	if (const void* const key = key_of_value(value, index))
		tell_each(key, value);
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
	if (map->refcnt.fetch_sub(1, std::memory_order_acq_rel) != 1)
		return;
	map->last_reference_gone();
	call_rcu(&map->rcu, [](rcu_head* head) { delete static_cast<bpf_map::rcu_of_map*>(head)->map; });
}

} // namespace sockops
