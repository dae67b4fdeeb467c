// SPDX-License-Identifier: MIT
#include "kernel_program.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

namespace three_ways {

namespace {

std::string failed(const std::string& what) { return what + ": " + std::strerror(errno); }

int say_nothing(libbpf_print_level, const char*, va_list) { return 0; }

bool has_values(const ::bpf_map* map) {
	switch (::bpf_map__type(map)) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		return true;
	default:
		return false;
	}
}

std::size_t padded(std::size_t size) { return (size + 7) / 8 * 8; }

/// Their members are all 64-bit counters.
bytes sum_of_cpus(const bytes& all, std::size_t value_size) {
	bytes sum(value_size);
	for (std::size_t cpu = 0; cpu != all.size(); cpu += padded(value_size))
		for (std::size_t at = 0; at != value_size; at += sizeof(std::uint64_t)) {
			std::uint64_t one, more;
			std::memcpy(&one, sum.data() + at, sizeof one);
			std::memcpy(&more, all.data() + cpu + at, sizeof more);
			one += more;
			std::memcpy(sum.data() + at, &one, sizeof one);
		}
	return sum;
}

std::vector<std::pair<bytes, bytes>> entries_of(const ::bpf_map* map) {
	const int fd = ::bpf_map__fd(map);
	const bool percpu = ::bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_ARRAY;
	const std::size_t value_size = ::bpf_map__value_size(map);
	const std::size_t room =
		percpu ? padded(value_size) * static_cast<std::size_t>(::libbpf_num_possible_cpus()) : value_size;
	std::vector<std::pair<bytes, bytes>> all;
	bytes key(::bpf_map__key_size(map)), value(room);
	const void* last = nullptr;
	for (bytes next = key; ::bpf_map_get_next_key(fd, last, next.data()) == 0; last = key.data()) {
		key = next;
		if (::bpf_map_lookup_elem(fd, key.data(), value.data()) == 0)
			all.emplace_back(key, percpu ? sum_of_cpus(value, value_size) : value);
	}
	return all;
}

/// ".bss" of the map "object_g.bss".
const char* section_of(const ::bpf_map* map) { return std::strrchr(::bpf_map__name(map), '.'); }

void add_variables(kernel_state& to, const ::btf* types, const ::bpf_map* map) {
	const int section = ::btf__find_by_name_kind(types, section_of(map), BTF_KIND_DATASEC);
	const std::vector<std::pair<bytes, bytes>> value = entries_of(map);
	if (section <= 0 || value.size() != 1)
		return;
	const btf_type* const type = ::btf__type_by_id(types, static_cast<__u32>(section));
	for (int each = 0; each != ::btf_vlen(type); ++each) {
		const btf_var_secinfo& place = ::btf_var_secinfos(type)[each];
		const char* const name = ::btf__name_by_offset(types, ::btf__type_by_id(types, place.type)->name_off);
		const auto first = value[0].second.begin() + place.offset;
		to.variables[name] = bytes(first, first + place.size);
	}
}

} // namespace

struct kernel_program::reader {
	std::string map;
	ring_buffer* ring = nullptr;
	perf_buffer* perf = nullptr;
	std::vector<bytes> taken;

	~reader() {
		::ring_buffer__free(ring);
		::perf_buffer__free(perf);
	}
	void take(const void* record, std::size_t size) {
		const auto* const first = static_cast<const std::byte*>(record);
		taken.emplace_back(first, first + size);
	}
};

void kernel_program::close_object::operator()(::bpf_object* object) const noexcept {
	::bpf_object__close(object);
}

kernel_program::kernel_program(const std::string& path) {
	::libbpf_set_print(say_nothing);
	error_ = load(path);
}

kernel_program::~kernel_program() {
	for (const int program : programs_)
		::bpf_prog_detach2(program, cgroup_, BPF_CGROUP_SOCK_OPS);
}

std::string kernel_program::load(const std::string& path) {
	object_.reset(::bpf_object__open_file(path.c_str(), nullptr));
	if (!object_)
		return failed(path);
	if (::bpf_object__load(object_.get()) != 0)
		return failed("the kernel does not load " + path);
	const ::bpf_map* map = nullptr;
	while ((map = ::bpf_object__next_map(object_.get(), map)))
		if (std::string error = open_records(map); !error.empty())
			return error;
	return "";
}

std::string kernel_program::open_records(const ::bpf_map* map) {
	const bool ring = ::bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF;
	if (!ring && ::bpf_map__type(map) != BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		return "";
	auto made = std::make_unique<reader>();
	made->map = ::bpf_map__name(map);
	if (ring)
		made->ring = ::ring_buffer__new(
			::bpf_map__fd(map),
			[](void* self, void* record, std::size_t size) {
				static_cast<reader*>(self)->take(record, size);
				return 0;
			},
			made.get(), nullptr);
	else
		made->perf = ::perf_buffer__new(
			::bpf_map__fd(map), 16,
			[](void* self, int, void* record, __u32 size) { static_cast<reader*>(self)->take(record, size); },
			nullptr, made.get(), nullptr);
	if (!made->ring && !made->perf)
		return failed("a reader of map " + made->map);
	readers_.push_back(std::move(made));
	return "";
}

std::string kernel_program::attach(const std::vector<std::string>& entries, int cgroup) {
	cgroup_ = cgroup;
	for (const std::string& each : entries) {
		const ::bpf_program* const found = ::bpf_object__find_program_by_name(object_.get(), each.c_str());
		if (!found)
			return "there is no program " + each;
		const int fd = ::bpf_program__fd(found);
		if (::bpf_prog_attach(fd, cgroup, BPF_CGROUP_SOCK_OPS, BPF_F_ALLOW_MULTI) != 0)
			return failed("program " + each + " cannot be attached");
		programs_.push_back(fd);
	}
	return "";
}

std::size_t kernel_program::sockets_in(const std::string& map) const {
	const ::bpf_map* const found = ::bpf_object__find_map_by_name(object_.get(), map.c_str());
	return found ? entries_of(found).size() : 0;
}

std::string kernel_program::read(kernel_state& into) {
	const ::bpf_map* map = nullptr;
	while ((map = ::bpf_object__next_map(object_.get(), map))) {
		if (::bpf_map__is_internal(map))
			add_variables(into, ::bpf_object__btf(object_.get()), map);
		else if (has_values(map))
			into.entries[::bpf_map__name(map)] = entries_of(map);
	}
	for (const auto& each : readers_) {
		if (each->ring ? ::ring_buffer__consume(each->ring) < 0 : ::perf_buffer__consume(each->perf) < 0)
			return failed("the records of map " + each->map);
		into.records[each->map] = std::move(each->taken);
	}
	return "";
}

} // namespace three_ways
