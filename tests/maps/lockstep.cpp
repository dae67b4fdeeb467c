// SPDX-License-Identifier: MIT
#include "lockstep.hpp"

#include <cerrno>
#include <cstring>
#include <set>
#include <string>

namespace maps_diff {

namespace {

constexpr unsigned few_keys = 12; ///< so that calls meet

u32 cpus() {
	static const u32 many = kernel_cpus();
	return many;
}

} // namespace

std::string in_words(const sockops::bpf_map_attr& attr) {
	return std::string(sockops::bpf_map_type_name(attr.map_type)) + "(" + std::to_string(attr.map_type) +
		   ") key " + std::to_string(attr.key_size) + " value " + std::to_string(attr.value_size) +
		   " entries " + std::to_string(attr.max_entries) + " flags " + std::to_string(attr.map_flags) +
		   " extra " + std::to_string(attr.map_extra) + " name \"" + attr.map_name + "\" lock " +
		   std::to_string(attr.spin_lock_off);
}

lockstep::lockstep(const sockops::bpf_map_attr& attr, std::uint64_t seed, diff_result& result)
	: attr_(attr), random_(seed), result_(result), there_(attr) {
	std::string why;
	const long here = bpf_map_create(attr, here_, why);
	made_ = here == 0 && there_.error() == 0;
	result_.count(here == there_.error(), [&] {
		return in_words(attr_) + ": here " + std::to_string(here) + ", the kernel " +
			   std::to_string(there_.error()) + "; " + why;
	});
}

bool lockstep::is_array() const noexcept {
	return attr_.map_type == sockops::BPF_MAP_TYPE_ARRAY ||
		   attr_.map_type == sockops::BPF_MAP_TYPE_PERCPU_ARRAY;
}
bool lockstep::is_percpu() const noexcept {
	return attr_.map_type == sockops::BPF_MAP_TYPE_PERCPU_HASH ||
		   attr_.map_type == sockops::BPF_MAP_TYPE_PERCPU_ARRAY;
}

bytes lockstep::random_key() {
	bytes key(attr_.key_size);
	const u64 number = is_array() ? random(attr_.max_entries + 2) : random(few_keys);
	std::memcpy(key.data(), &number, std::min<std::size_t>(key.size(), sizeof number));
	if (!key.empty())
		key.back() ^= std::byte(is_array() ? 0 : number * 7 & 0xff); // the last byte counts too
	return key;
}

bytes lockstep::random_value() {
	bytes value(is_percpu() ? words_of_cpu() * cpus() : attr_.value_size);
	for (std::byte& each : value)
		each = std::byte(random_());
	return value;
}

bytes lockstep::widened(const bytes& value) const {
	bytes all = value;
	if (is_percpu())
		all.resize(words_of_cpu() * sockops::num_possible_cpus);
	return all;
}

void lockstep::compare(long kernel, long here, const char* call, const bytes& key, u64 flags) {
	result_.count(kernel == here, [&] {
		return in_words(attr_) + ": " + call + " of key " +
			   std::to_string(key.empty() ? -1 : static_cast<int>(key[0])) + " flags " +
			   std::to_string(flags) + ": here " + std::to_string(here) + ", the kernel " +
			   std::to_string(kernel);
	});
}

void lockstep::update() {
	static constexpr u64 all_flags[] = {0, 0, 0, 0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 16, u64{1} << 32, ~u64{0}};
	const u64 flags = all_flags[random(std::size(all_flags))];
	const bytes key = random_key(), value = random_value();
	const bytes wide = widened(value);
	compare(there_.update(key.data(), value.data(), flags),
			here_.get()->sys_update_elem(key.data(), wide.data(), flags), "update", key, flags);
	lookup(key);
}

u64 lockstep::random_lookup_flags() {
	static constexpr u64 all_flags[] = {0, 0, 0, 0, 0, 4, 4, 1, 2, 5, 8, u64{1} << 32};
	return all_flags[random(std::size(all_flags))];
}

void lockstep::compare_values(long kernel_error, long here_error, const bytes& kernel, const bytes& here,
							  const char* call, const bytes& key, u64 flags) {
	compare(kernel_error, here_error, call, key, flags);
	if (kernel_error == 0 && here_error == 0) // what both have
		compare(0, std::memcmp(kernel.data(), here.data(), kernel.size()), "value", key, flags);
}

void lockstep::lookup(const bytes& key) {
	const u64 flags = random_lookup_flags();
	bytes kernel = random_value(), here = widened(kernel);
	const long kernel_error = there_.lookup(key.data(), kernel.data(), flags);
	const long here_error = here_.get()->sys_lookup_elem(key.data(), here.data(), flags);
	compare_values(kernel_error, here_error, kernel, here, "lookup", key, flags);
}

void lockstep::take() {
	const u64 flags = random_lookup_flags();
	const bytes key = random_key();
	bytes kernel = random_value(), here = widened(kernel);
	const long kernel_error = there_.take(key.data(), kernel.data(), flags);
	const long here_error = here_.get()->sys_lookup_and_delete_elem(key.data(), here.data(), flags);
	compare_values(kernel_error, here_error, kernel, here, "lookup and delete", key, flags);
}

void lockstep::erase() {
	const bytes key = random_key();
	compare(there_.erase(key.data()), here_.get()->sys_delete_elem(key.data()), "delete", key, 0);
}

/// Keys of a map with an index come in order; of others in any, so that only the answer counts.
void lockstep::next_key() {
	const bytes key = random_key();
	bytes kernel(attr_.key_size), here(attr_.key_size);
	const void* const from = random(4) == 0 ? nullptr : key.data();
	const long kernel_error = there_.next_key(from, kernel.data());
	const long here_error = here_.get()->get_next_key(from, here.data());
	if (is_array() || !from || kernel_error == -EPERM)
		compare(kernel_error, here_error, "next key", key, from != nullptr);
	if (is_array())
		compare(0, std::memcmp(kernel.data(), here.data(), kernel.size()), "key after", key, from != nullptr);
}

void lockstep::compare_all() {
	const auto all_keys = [&](const auto& next) {
		std::set<std::string> keys; // (g++ 12 warns of vectors that are compared)
		bytes key(attr_.key_size), after(attr_.key_size);
		for (long error = next(nullptr, after.data()); error == 0; error = next(key.data(), after.data())) {
			key = after;
			if (!keys.emplace(reinterpret_cast<const char*>(key.data()), key.size()).second)
				break;
		}
		return keys;
	};
	const auto kernel = all_keys([&](const void* key, void* next) { return there_.next_key(key, next); });
	const auto here =
		all_keys([&](const void* key, void* next) { return here_.get()->get_next_key(key, next); });
	compare(static_cast<long>(kernel.size()), static_cast<long>(here.size()), "number of keys", {}, 0);
	compare(0, kernel == here ? 0 : 1, "set of keys", {}, 0);
	for (const std::string& key : kernel) {
		const auto* const begin = reinterpret_cast<const std::byte*>(key.data());
		lookup(bytes(begin, begin + key.size()));
	}
}

void lockstep::step() {
	switch (random(16)) {
	default:
		return update();
	case 0:
	case 1:
	case 2:
		return lookup(random_key());
	case 3:
	case 4:
	case 5:
		return erase();
	case 6:
		return take();
	case 7:
	case 8:
		return next_key();
	case 9:
		if (random(20) == 0)
			return compare_all();
		if (random(60) == 0)
			return compare(there_.freeze(), here_.get()->freeze(), "freeze", {}, 0);
	}
}

void lockstep::run(unsigned calls) {
	for (unsigned call = 0; made_ && call != calls; ++call)
		step();
}

} // namespace maps_diff
