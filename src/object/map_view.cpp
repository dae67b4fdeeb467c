// SPDX-License-Identifier: MIT
// Keys and values in and out of a map, as bpf(2) copies them.
#include <sockops/object/map_view.hpp>

#include <cerrno>
#include <cstring>
#include <limits>

#include <sockops/map/sk_storage_map.hpp>
#include <sockops/map/sock_map.hpp>

#include "../map/value_words.hpp"
#include "btf/scalar.hpp"
#include "object_failure.hpp"

namespace sockops {

using namespace object;

namespace {

using bytes = std::vector<std::byte>;

bool is_percpu(const bpf_map& map) noexcept { return map.holds() == map_holds::percpu_values; }

typed_value owned_value(const btf_ptr& types, u32 type, bytes copy) {
	const auto owner = std::make_shared<bytes>(std::move(copy));
	return typed_value(types, type, *owner, false, owner);
}

[[noreturn]] void fail_map(const bpf_map& map, int error, const std::string& what) {
	fail_object(error,
				"map '" + map.attr.map_name + "' (" + bpf_map_type_name(map.attr.map_type) + "): " + what);
}

bool has_plain_values(const bpf_map& map) noexcept {
	return map.holds() == map_holds::values || is_percpu(map);
}

std::string why_not_taken(const bpf_map& map, int error) {
	if (error == E2BIG)
		return "E2BIG, its max_entries is " + std::to_string(map.attr.max_entries);
	if (error == EPERM)
		return "EPERM, user space cannot write it (BPF_F_RDONLY, or frozen)";
	return std::strerror(error);
}

} // namespace

bytes map_view::integer_bytes(s64 from, u32 size, const char* what) const {
	const bool fits_signed = size >= sizeof from || fits({from, true}, size * 8, true);
	const bool fits_unsigned = size >= sizeof from || fits({from, true}, size * 8, false);
	if (size > sizeof from || !(fits_signed || fits_unsigned))
		fail_map(map(), EINVAL,
				 "the " + std::string(what) + " " + std::to_string(from) + " is no integer of " +
					 std::to_string(size) + " bytes, which it has");
	bytes made(size);
	write_bits(made, 0, size * 8, static_cast<u64>(from));
	return made;
}

bytes map_view::exact_bytes(const void* from, std::size_t has, u32 size, const char* what) const {
	if (has != size)
		fail_map(map(), EINVAL,
				 "a " + std::string(what) + " of " + std::to_string(has) + " bytes; it has " +
					 std::to_string(size));
	const auto* const first = static_cast<const std::byte*>(from);
	return bytes(first, first + has);
}

std::optional<typed_value> map_view::find(bytes key) const {
	bytes value(map().sys_value_size());
	const int result = map().sys_lookup_elem(key.empty() ? nullptr : key.data(), value.data());
	if (result == -ENOENT)
		return std::nullopt;
	if (result < 0)
		fail_map(map(), -result, std::string("it cannot be looked up in: ") + std::strerror(-result));
	if (is_percpu(map()))
		value.resize(map().attr.value_size);
	return owned_value(types_, value_type_, std::move(value));
}

typed_value map_view::of_cpu(bytes key, u32 cpu) const {
	if (!is_percpu(map()) || cpu >= num_possible_cpus)
		fail_map(map(), EINVAL, "it has no value of CPU " + std::to_string(cpu));
	bytes all(map().sys_value_size());
	if (const int result = map().sys_lookup_elem(key.data(), all.data()); result < 0)
		fail_map(map(), -result, std::string("no value for the key: ") + std::strerror(-result));
	const auto first = all.begin() + static_cast<std::ptrdiff_t>(cpu * detail::padded(map().attr.value_size));
	return owned_value(types_, value_type_, bytes(first, first + map().attr.value_size));
}

typed_value map_view::at(bytes key) const {
	const std::string text = typed_value(types_, key_type_, key, false).text();
	if (std::optional<typed_value> value = find(std::move(key)))
		return *std::move(value);
	fail_map(map(), ENOENT, "no value for the key " + text);
}

typed_value map_view::as_key(bytes of) const { return owned_value(types_, key_type_, std::move(of)); }
typed_value map_view::as_value(bytes of) const { return owned_value(types_, value_type_, std::move(of)); }

std::vector<std::pair<typed_value, typed_value>> map_view::entries() const {
	std::vector<std::pair<typed_value, typed_value>> all;
	bytes key(map().attr.key_size), next(map().attr.key_size);
	int result = map().get_next_key(nullptr, next.data());
	for (; result == 0; result = map().get_next_key(key.data(), next.data())) {
		key = next;
		// One that has been deleted meanwhile is no entry.
		if (std::optional<typed_value> value = find(key))
			all.emplace_back(owned_value(types_, key_type_, key), *std::move(value));
	}
	if (result != -ENOENT)
		fail_map(map(), -result, std::string("its keys cannot be walked: ") + std::strerror(-result));
	return all;
}

int map_view::update_bytes(bytes key, bytes value, u64 flags) const {
	// PERCPU: the value goes to all CPUs.
	if (is_percpu(map())) {
		bytes all(map().sys_value_size());
		for (std::size_t at = 0; at != all.size(); at += detail::padded(value.size()))
			std::memcpy(all.data() + at, value.data(), value.size());
		value = std::move(all);
	}
	return map().sys_update_elem(key.data(), value.data(), flags);
}

bytes map_view::bytes_of_text(const char* what, u32 type, u32 size, std::string_view text) const {
	bytes made(size);
	try {
		typed_value(types_, type, made, true).set_text(text);
	} catch (const object_error& wrong) {
		fail_map(map(), wrong.error,
				 "the " + std::string(what) + " '" + std::string(text) + "': " + wrong.what());
	}
	return made;
}

bytes map_view::key_of(std::string_view text) const {
	return bytes_of_text("key", key_type_, map().attr.key_size, text);
}

void map_view::fill(std::string_view key, std::string_view value) const {
	if (!has_plain_values(map()))
		fail_map(map(), EINVAL,
				 "it cannot be filled by a key and a value: HASH, LRU_HASH, ARRAY, PERCPU_HASH and "
				 "PERCPU_ARRAY can");
	const int result =
		update_bytes(key_of(key), bytes_of_text("value", value_type_, map().attr.value_size, value), BPF_ANY);
	if (result != 0)
		fail_map(map(), -result,
				 "the key '" + std::string(key) + "' is not taken: " + why_not_taken(map(), -result));
}

std::optional<typed_value> map_view::of_socket(sock& sk) const {
	if (map().holds() != map_holds::socket_values)
		fail_map(map(), EINVAL, "only an SK_STORAGE map has values of sockets");
	const rcu_read_guard reading;
	const auto* const value = static_cast<const std::byte*>(bpf_sk_storage_get(map(), &sk, nullptr, 0));
	if (!value)
		return std::nullopt;
	return owned_value(types_, value_type_, bytes(value, value + map().attr.value_size));
}

sock* map_view::socket_of(const bytes& key) const {
	if (map().holds() != map_holds::sockets)
		fail_map(map(), EINVAL, "only a SOCKMAP and a SOCKHASH hold sockets");
	return sock_map_lookup_elem(map(), key.data());
}

std::vector<std::pair<typed_value, sock*>> map_view::sockets() const {
	std::vector<std::pair<typed_value, sock*>> all;
	bytes key(map().attr.key_size), next(key.size());
	for (int result = map().get_next_key(nullptr, next.data()); result == 0;
		 result = map().get_next_key(key.data(), next.data())) {
		key = next;
		if (sock* const found = socket_of(key))
			all.emplace_back(as_key(key), found);
	}
	return all;
}

std::string map_view::text() const {
	const auto all = entries();
	std::string text = name() + ": " + std::to_string(all.size()) + (all.size() == 1 ? " entry" : " entries");
	for (const auto& [key, value] : all)
		text += "\n  " + key.text() + " = " + value.text();
	return text;
}

} // namespace sockops
