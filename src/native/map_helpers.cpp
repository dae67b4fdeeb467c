// SPDX-License-Identifier: MIT
// Maps, for natively compiled programs.
#include <sockops/hook/sk_helpers.hpp>
#include <sockops/map/socket_map_adapters.hpp>
#include <sockops/map/spin_lock.hpp>

#include "helper.hpp"

using namespace sockops;
using namespace sockops::native;

namespace {

/// The program may write to it from now on.
void* handed_out(bpf_map& map, void* value) noexcept {
	if (value)
		map.tell_observers_of_value(value);
	return value;
}

} // namespace

extern "C" {

void* sockops_native_bpf_map_lookup_elem(void* map, const void* key) {
	bpf_map* const of = map_at(map, "bpf_map_lookup_elem");
	return of ? handed_out(*of, of->lookup_elem(key)) : nullptr;
}

void* sockops_native_bpf_map_lookup_percpu_elem(void* map, const void* key, u32 cpu) {
	bpf_map* const of = map_at(map, "bpf_map_lookup_percpu_elem");
	return of ? handed_out(*of, of->lookup_percpu_elem(key, cpu)) : nullptr;
}

long sockops_native_bpf_map_update_elem(void* map, const void* key, const void* value, u64 flags) {
	bpf_map* const of = map_at(map, "bpf_map_update_elem");
	return of ? of->update_elem(key, value, flags) : -EINVAL;
}

long sockops_native_bpf_map_delete_elem(void* map, const void* key) {
	bpf_map* const of = map_at(map, "bpf_map_delete_elem");
	return of ? of->delete_elem(key) : -EINVAL;
}

long sockops_native_bpf_spin_lock(void* lock) {
	bpf_spin_lock(lock);
	return 0;
}
long sockops_native_bpf_spin_unlock(void* lock) {
	bpf_spin_unlock(lock);
	return 0;
}

void* sockops_native_bpf_sk_storage_get(void* map, void* sk, void* value, u64 flags) {
	constexpr char me[] = "bpf_sk_storage_get";
	native_run* const run = native_run::current(me);
	auto* const of = map_of_type<sk_storage_bpf_map>(map, BPF_MAP_TYPE_SK_STORAGE, me);
	return run && of ? bpf_sk_storage_get(*of->storage().get(), run->socket_at(sk), value, flags) : nullptr;
}

long sockops_native_bpf_sk_storage_delete(void* map, void* sk) {
	constexpr char me[] = "bpf_sk_storage_delete";
	native_run* const run = native_run::current(me);
	auto* const of = map_of_type<sk_storage_bpf_map>(map, BPF_MAP_TYPE_SK_STORAGE, me);
	return run && of ? bpf_sk_storage_delete(*of->storage().get(), run->socket_at(sk)) : -EINVAL;
}

long sockops_native_bpf_sock_map_update(void* skops, void* map, void* key, u64 flags) {
	constexpr char me[] = "bpf_sock_map_update";
	const context_window ctx(skops, me);
	auto* const of = map_of_type<sock_map_bpf_map>(map, BPF_MAP_TYPE_SOCKMAP, me);
	if (!ctx || !of)
		return -EINVAL;
	bpf_sock_ops view = ctx.view();
	return bpf_sock_map_update(view, *of->sockets().get(), key, flags);
}

long sockops_native_bpf_sock_hash_update(void* skops, void* map, void* key, u64 flags) {
	constexpr char me[] = "bpf_sock_hash_update";
	const context_window ctx(skops, me);
	auto* const of = map_of_type<sock_map_bpf_map>(map, BPF_MAP_TYPE_SOCKHASH, me);
	if (!ctx || !of)
		return -EINVAL;
	bpf_sock_ops view = ctx.view();
	return bpf_sock_hash_update(view, *of->sockets().get(), key, flags);
}

} // extern "C"
