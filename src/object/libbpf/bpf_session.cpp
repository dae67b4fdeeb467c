// SPDX-License-Identifier: MIT
// The commands of bpf(2), but for BPF_PROG_LOAD (session_prog_load.cpp) and those of maps (session_maps.cpp).
#include "bpf_session.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "../../kern/release_words.hpp"
#include "../btf/btf_types.hpp"
#include "../core/core_btf.hpp"

namespace sockops::object {
long bpf_session::call(int command, const void* given, u32 size) {
	reason_.clear();
	::bpf_attr attr;
	std::memset(&attr, 0, sizeof attr);
	std::memcpy(&attr, given, std::min<std::size_t>(size, sizeof attr));
	const auto begin = std::chrono::steady_clock::now();
	const long result = answer(command, attr);
	spent_ += std::chrono::steady_clock::now() - begin;
	return result;
}

long bpf_session::answer(int command, const ::bpf_attr& attr) {
	switch (command) {
	case BPF_MAP_CREATE:
		return map_create(attr);
	case BPF_MAP_LOOKUP_ELEM:
	case BPF_MAP_UPDATE_ELEM:
	case BPF_MAP_DELETE_ELEM:
		return map_element(command, attr);
	case BPF_MAP_FREEZE:
		return map_freeze(attr);
	case BPF_BTF_LOAD:
		return btf_load(attr);
	case BPF_PROG_LOAD:
		return prog_load(attr);
	case BPF_OBJ_GET_INFO_BY_FD:
		return info(attr);
	case BPF_PROG_BIND_MAP: // a program holds the maps it names; others need nothing of it here
		return 0;
	case BPF_BTF_GET_NEXT_ID: // of modules there are none
		return -ENOENT;
	default:
		return fail(EINVAL,
					"bpf(2) command " + std::to_string(command) + " is not one that loading an object needs");
	}
}

long bpf_session::fail(int error, std::string reason) {
	reason_ = std::move(reason);
	return -error;
}

std::string bpf_session::release() const { return detail::release_in_words(kernel_) + ".0"; }

std::span<const std::byte> bpf_session::types() const {
	if (!core_.kernel().types)
		return core_btf_data();
	u32 size = 0;
	const auto* const data =
		static_cast<const std::byte*>(libbpf::btf_raw_data(core_.kernel().types.get(), &size));
	return data ? std::span(data, size) : std::span<const std::byte>();
}

void bpf_session::note(std::string what) {
	if (std::ranges::find(notices_, what) == notices_.end())
		notices_.push_back(std::move(what));
}

std::string bpf_session::full_name(const std::string& cut) const {
	const auto begins = [&](const std::string& each) { return each.starts_with(cut); };
	const auto found = std::ranges::find_if(names_, begins);
	return cut.size() + 1 == sizeof ::bpf_attr::prog_name && found != names_.end() ? *found : cut;
}

long bpf_session::btf_load(const ::bpf_attr& attr) {
	btf_ptr types = parse_btf(reinterpret_cast<const void*>(attr.btf), attr.btf_size);
	if (!types)
		return fail(EINVAL, "BPF_BTF_LOAD: " + std::to_string(attr.btf_size) + " bytes that are no BTF");
	return handles_.open(std::move(types));
}

/// Of a map, as libbpf asks before it takes one over; of others but that they are known.
long bpf_session::info(const ::bpf_attr& attr) {
	const int fd = static_cast<int>(attr.info.bpf_fd);
	const auto* const map = handles_.find<bpf_map_ptr>(fd);
	if (!map)
		return handles_.find<bpf_prog_ptr>(fd) || handles_.find<btf_ptr>(fd)
				   ? 0
				   : fail(EBADF, "BPF_OBJ_GET_INFO_BY_FD: descriptor " + std::to_string(fd) +
									 " is none of this session");
	::bpf_map_info about{};
	const bpf_map_attr& with = map->get()->attr;
	about.type = with.map_type;
	about.id = map->get()->id;
	about.key_size = with.key_size;
	about.value_size = with.value_size;
	about.max_entries = with.max_entries;
	about.map_flags = with.map_flags;
	with.map_name.copy(about.name, sizeof about.name - 1);
	std::memcpy(reinterpret_cast<void*>(attr.info.info), &about,
				std::min<std::size_t>(attr.info.info_len, sizeof about));
	return 0;
}

} // namespace sockops::object
