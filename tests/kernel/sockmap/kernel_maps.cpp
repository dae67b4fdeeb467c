// SPDX-License-Identifier: MIT
#include "kernel_maps.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/mman.h>

namespace sockmap_diff {

namespace {

std::string because(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

} // namespace

kernel_maps::kernel_maps() : object_(nullptr, bpf_object__close) {
	unusable_ = !folder_.error().empty() ? folder_.error() : load();
}

kernel_maps::~kernel_maps() {
	if (log_)
		::munmap(log_, sizeof *log_);
}

std::string kernel_maps::load() {
	libbpf_set_print(nullptr);
	object_.reset(bpf_object__open_file(SOCKMAP_BPF_OBJECT, nullptr));
	if (!object_ || bpf_object__load(object_.get()) != 0)
		return because("the kernel does not load a sock_ops program with sockmaps");
	const char* const names[] = {"array4", "array8", "hash4", "hash12"};
	static_assert(std::size(names) == sockmap_maps);
	for (unsigned i = 0; i != sockmap_maps; ++i)
		maps_[i] = bpf_object__find_map_fd_by_name(object_.get(), names[i]);
	const bpf_map* map = nullptr;
	bpf_object__for_each_map(map, object_.get()) { // the program's .bss
		if (bpf_map__value_size(map) < sizeof *log_)
			continue;
		void* const memory =
			::mmap(nullptr, sizeof *log_, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
		log_ = memory == MAP_FAILED ? nullptr : static_cast<sockmap_log*>(memory);
	}
	if (!log_)
		return because("the program's memory cannot be mapped");
	const bpf_program* const prog = bpf_object__find_program_by_name(object_.get(), "enter_and_delete");
	if (bpf_prog_attach(bpf_program__fd(prog), folder_.fd(), BPF_CGROUP_SOCK_OPS, 0) != 0)
		return because("no program can be attached to a cgroup");
	return "";
}

std::vector<sockmap_call> kernel_maps::take_calls() {
	const unsigned count = __atomic_exchange_n(&log_->count, 0, __ATOMIC_ACQ_REL);
	full_ = full_ || count > sockmap_log_room;
	return {log_->calls, log_->calls + std::min<unsigned>(count, sockmap_log_room)};
}

long kernel_maps::update(unsigned map, unsigned key, int socket_fd, std::uint64_t flags) noexcept {
	const sockmap_key bytes = key_of(key);
	const std::uint64_t value = static_cast<std::uint64_t>(socket_fd); // little-endian: of 4 bytes too
	return bpf_map_update_elem(maps_[map], &bytes, &value, flags);
}
long kernel_maps::erase(unsigned map, unsigned key) noexcept {
	const sockmap_key bytes = key_of(key);
	return bpf_map_delete_elem(maps_[map], &bytes);
}
long kernel_maps::lookup(unsigned map, unsigned key, std::uint64_t& cookie) noexcept {
	const sockmap_key bytes = key_of(key);
	return bpf_map_lookup_elem(maps_[map], &bytes, &cookie);
}

long kernel_maps::next_key(unsigned map, const sockmap_key* key, sockmap_key& next) noexcept {
	return bpf_map_get_next_key(maps_[map], key, &next);
}

} // namespace sockmap_diff
