// SPDX-License-Identifier: MIT
// A map of an object, seen from user space with the types that its BTF gives: map["conns"][key]["field"].
//
// Context: as user space, on any thread, while programs use the map; takes memory. Not from a signal
// handler. What cannot be read is an object_error, with the errno and in words.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <sockops/kern/containers.hpp>
#include <sockops/map/bpf_map.hpp>
#include <sockops/object/typed_value.hpp>

namespace sockops {

struct sock;

class map_view {
  public:
	map_view(bpf_map_ptr map, btf_ptr types, u32 key_type, u32 value_type) noexcept
		: map_(std::move(map)), types_(std::move(types)), key_type_(key_type), value_type_(value_type) {}

	/// The map itself; it is kept by the view.
	[[nodiscard]] bpf_map& map() const noexcept { return *map_.get(); }
	/// As the object declares it.
	[[nodiscard]] const std::string& name() const noexcept { return map_.get()->attr.map_name; }

	/// The value of a key: a copy. Throws object_error if there is none, or the key has another size. An
	/// integer key is taken in the key's own size.
	template <class Key>
	[[nodiscard]] typed_value operator[](const Key& key) const {
		return at(key_bytes(key));
	}
	/// Has it this key? Throws object_error for a key of another size.
	template <class Key>
	[[nodiscard]] bool contains(const Key& key) const {
		return find(key_bytes(key)).has_value();
	}
	/// The value of a key that is given in bytes: a copy; nullopt if there is none.
	[[nodiscard]] std::optional<typed_value> find(std::vector<std::byte> key) const;
	/// The value that a PERCPU map has for a CPU.
	[[nodiscard]] typed_value of_cpu(std::vector<std::byte> key, u32 cpu) const;

	/// A key in words, as fill() takes one: its bytes. Throws object_error if it is none.
	[[nodiscard]] std::vector<std::byte> key_of(std::string_view text) const;
	/// Bytes with the types of a key and of a value of this map.
	[[nodiscard]] typed_value as_key(std::vector<std::byte> bytes) const;
	[[nodiscard]] typed_value as_value(std::vector<std::byte> bytes) const;

	/// All keys and values, copies; PERCPU: of CPU 0. In the map's order.
	[[nodiscard]] std::vector<std::pair<typed_value, typed_value>> entries() const;
	/// How many keys it has.
	[[nodiscard]] std::size_t size() const { return entries().size(); }

	/// BPF_MAP_UPDATE_ELEM: 0 or the -errno of bpf_map::sys_update_elem().
	template <class Key, class Value>
	int update(const Key& key, const Value& value, u64 flags = BPF_ANY) const {
		return update_bytes(key_bytes(key), value_bytes(value), flags);
	}
	/// The same with a key and a value in words, as typed_value::set_text() reads them; what they do not name
	/// is 0. PERCPU: for all CPUs. Throws object_error if they are none, the map takes it not, or is of a
	/// kind that user space cannot fill so.
	void fill(std::string_view key, std::string_view value) const;
	/// BPF_MAP_DELETE_ELEM: 0 or the -errno of bpf_map::sys_delete_elem().
	template <class Key>
	int erase(const Key& key) const {
		return map_.get()->sys_delete_elem(key_bytes(key).data());
	}

	/// RINGBUF and PERF_EVENT_ARRAY: takes the records out. `type`: "struct event", by which they are read;
	/// "": bytes. (Of a PERF_EVENT_ARRAY, those of all CPUs whose buffer is open.)
	[[nodiscard]] std::vector<typed_value> records(std::string_view type = {}) const;

	/// SK_STORAGE: the value of a socket; nullopt if it has none.
	[[nodiscard]] std::optional<typed_value> of_socket(sock& sk) const;

	/// SOCKMAP and SOCKHASH: the sockets and their keys. They hold no reference.
	[[nodiscard]] std::vector<std::pair<typed_value, sock*>> sockets() const;
	/// The socket of a key that is given in bytes; nullptr if there is none. No reference is held.
	[[nodiscard]] sock* socket_of(const std::vector<std::byte>& key) const;
	/// The same of a key.
	template <class Key>
	[[nodiscard]] sock* socket(const Key& key) const {
		return socket_of(key_bytes(key));
	}

	/// "conns: 2 entries\n  {1.2.3.4 …} = {…}"
	[[nodiscard]] std::string text() const;

  private:
	template <class T>
	std::vector<std::byte> key_bytes(const T& key) const {
		return bytes_of(key, map_.get()->attr.key_size, "key");
	}
	template <class T>
	std::vector<std::byte> value_bytes(const T& value) const {
		return bytes_of(value, map_.get()->attr.value_size, "value");
	}
	template <class T>
	std::vector<std::byte> bytes_of(const T& from, u32 size, const char* what) const {
		static_assert(std::is_trivially_copyable_v<T>);
		if constexpr (std::is_integral_v<T> || std::is_enum_v<T>)
			return integer_bytes(static_cast<s64>(from), size, what);
		else
			return exact_bytes(&from, sizeof from, size, what);
	}
	std::vector<std::byte> integer_bytes(s64 from, u32 size, const char* what) const;
	std::vector<std::byte> exact_bytes(const void* from, std::size_t has, u32 size, const char* what) const;
	std::vector<std::byte> bytes_of_text(const char* what, u32 type, u32 size, std::string_view text) const;
	typed_value at(std::vector<std::byte> key) const;
	int update_bytes(std::vector<std::byte> key, std::vector<std::byte> value, u64 flags) const;

	bpf_map_ptr map_;
	btf_ptr types_;
	u32 key_type_, value_type_;
};

} // namespace sockops
