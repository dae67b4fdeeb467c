// SPDX-License-Identifier: MIT
// What programs do to their maps and global variables: looked at after each callback, and compared with what
// was there before it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sockops/net/sock.hpp>
#include <sockops/object/bpf_object.hpp>
#include <sockops/object/map_view.hpp>

#include "arguments.hpp"
#include "element_watch.hpp"
#include "socket_names.hpp"

namespace sockops_run {

/// Keys and values as C writes them, or as JSON; no `before`: it is new, no `after`: it was deleted.
struct map_change {
	std::string map;
	std::string key; ///< "" of a global variable; "socket" in an SK_STORAGE map, "next" in a QUEUE or STACK
	std::optional<std::string> before, after;
};

struct map_record {
	std::string map, value;
	sockops::typed_value read; ///< the same
};

class map_watch {
  public:
	/// Opens this thread's buffer of each PERF_EVENT_ARRAY. Throws object_error for names and types that the
	/// object has not.
	map_watch(sockops::bpf_object& object, const arguments& with)
		: map_watch(object, with, object.map_names()) {}
	/// Of these maps of it alone, to which the records belong.
	map_watch(sockops::bpf_object& object, const arguments& with, const std::vector<std::string>& maps);

	/// Since the last time. `sk`: whose SK_STORAGE is looked at; nullptr: nobody's. Sockets in SOCKMAPs and
	/// SOCKHASHes are called by their names.
	[[nodiscard]] std::vector<map_change> changes(sockops::sock* sk, const socket_names& names);
	[[nodiscard]] std::vector<map_record> records();
	/// The socket is freed, and its values with it.
	void forget(const sockops::sock_common& sk);

	/// How many bytes of values were copied to find what changes.
	[[nodiscard]] sockops::u64 bytes_copied() const noexcept;

	static constexpr std::string_view global_variable = "global variable"; ///< the type of one
	struct entry {
		std::string key, value; ///< key "": of a global variable
		bool is_zero = false;   ///< all bytes of the value are 0
	};
	/// What a map holds; "is_readable" false: it cannot be walked from outside.
	struct contents {
		std::string map;
		std::string type; ///< "HASH"
		bool is_readable;
		std::vector<entry> entries;
	};
	[[nodiscard]] std::vector<contents> all_contents() const;
	/// What a reader should know of maps before: in words.
	[[nodiscard]] const std::vector<std::string>& notices() const noexcept { return notices_; }

  private:
	/// Numbers by size, and always in the same order.
	struct key_order {
		bool operator()(const std::string& a, const std::string& b) const noexcept {
			return a.size() != b.size() ? a.size() < b.size() : a < b;
		}
	};
	using values = std::map<std::string, std::string, key_order>; ///< by key
	using changes_by_key = std::map<std::string, map_change, key_order>;
	struct watched_map {
		sockops::map_view view;
		std::unique_ptr<element_watch> elements{}; ///< nullptr: it has none that can be read
		std::map<const sockops::sock_common*, std::string> of_sockets{};
		sockops::u64 socket_changes = 0;
		values sockets{}; ///< names by key
	};
	struct watched_records {
		sockops::map_view view;
		std::string type;
	};
	struct watched_global {
		std::string name;
		sockops::typed_value value;
		std::string last;
		bool is_watched;
	};

	std::string written(const sockops::typed_value& value) const;
	/// That stands where other maps have a key.
	std::string word(const char* key) const;
	entry written_entry(std::string key, const sockops::typed_value& value) const;
	std::vector<entry> entries_of(const watched_map& of) const;
	void add_changes(watched_map& of, std::vector<map_change>& into) const;
	void add(sockops::map_view view, const arguments& with, std::vector<std::string>& as_bytes);
	void compare_sockets(watched_map& of, const socket_names& names, std::vector<map_change>& into) const;
	void compare_storage(watched_map& of, sockops::sock& sk, std::vector<map_change>& into) const;

	bool as_json_;
	std::vector<watched_map> maps_;
	std::vector<watched_records> records_;
	std::vector<watched_global> globals_;
	std::vector<std::string> notices_;
};

} // namespace sockops_run
