// SPDX-License-Identifier: MIT
#include "variables.hpp"

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include <sockops/kern/types.hpp>

#include "../object/object_failure.hpp"
#include "registry.hpp"

namespace sockops::native {

namespace {

using image = std::vector<std::byte>; ///< all variables, one after the other

bool is_data(const sockops_native_symbol& symbol) noexcept {
	return symbol.kind == sockops_native_variable || symbol.kind == sockops_native_constant;
}

image image_of(const sockops_native_table& table) {
	image all;
	for (const sockops_native_symbol& each : symbols_of(table))
		if (is_data(each)) {
			const auto* const first = static_cast<const std::byte*>(each.address);
			all.insert(all.end(), first, first + each.size);
		}
	return all;
}

/// Taken at the first call, before anything has run.
const image& first_image_of(const sockops_native_table& table) {
	static std::mutex lock;
	static std::map<const sockops_native_table*, image> images;
	const std::lock_guard held(lock);
	const auto [at, is_new] = images.try_emplace(&table);
	if (is_new)
		at->second = image_of(table);
	return at->second;
}

void make_constants_writable(const sockops_native_table& table) {
	const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
	for (const sockops_native_symbol& each : symbols_of(table)) {
		if (each.kind != sockops_native_constant)
			continue;
		const auto from = reinterpret_cast<std::uintptr_t>(each.address) / page * page;
		const auto end = reinterpret_cast<std::uintptr_t>(each.address) + each.size;
		if (::mprotect(reinterpret_cast<void*>(from), end - from, PROT_READ | PROT_WRITE) != 0)
			object::fail_object(errno, std::string(table.name) + ": the memory of constant '" + each.name +
										   "' cannot be made writable: " + std::strerror(errno));
	}
}

} // namespace

void reset_variables(const sockops_native_table& table) {
	const image& all = first_image_of(table);
	make_constants_writable(table);
	std::size_t at = 0;
	for (const sockops_native_symbol& each : symbols_of(table))
		if (is_data(each)) {
			std::memcpy(each.address, all.data() + at, each.size);
			at += each.size;
		}
}

} // namespace sockops::native
