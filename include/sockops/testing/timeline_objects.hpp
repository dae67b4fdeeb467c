// SPDX-License-Identifier: MIT
// What a timeline says of the objects whose programs are attached while it is played: it then is a text test.
//
//     object tune.bpf.o at /web
//     set net = 0x7f
//     map conf[0] = {1, 2}
//     records closed = struct closed
//
// Context: any thread; takes memory, so not in a signal handler.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/kern/containers.hpp>
#include <sockops/kern/types.hpp>

namespace sockops::testing {

/// `object FILE [at CGROUP] [as NAME] [program NAME…]`
struct timeline_object {
	unsigned line;
	std::string file;                    ///< as written: from the folder of the timeline's own file
	std::optional<std::string> cgroup{}; ///< nullopt: "/"
	std::string name{};                  ///< "": the file's up to its first '.'
	std::vector<std::string> programs{}; ///< empty: all
};

/// `set NAME = VALUE`, and `records MAP = TYPE`.
struct timeline_assignment {
	unsigned line;
	std::string name, value;
};

/// `map NAME[KEY] = VALUE`
struct timeline_map_entry {
	unsigned line; ///< 0: of no file
	std::string map, key, value;
};

/// What "NAME[KEY] = VALUE" says, a key in any brackets. Throws timeline_error, of line 0, for what is none.
[[nodiscard]] timeline_map_entry map_entry_of(std::string_view text);

/// `kconfig CONFIG_NAME=VALUE`, or a file of them.
struct timeline_kconfig {
	unsigned line;
	std::string word;
};

/// What holds for all of them.
struct timeline_objects {
	std::vector<timeline_object> objects; ///< in the order in which they are attached
	std::vector<timeline_assignment> globals;
	std::vector<timeline_assignment> records; ///< how records of a map are read
	std::vector<timeline_map_entry> entries;  ///< what maps hold before
	std::vector<timeline_kconfig> kconfig;
	std::optional<std::string> client_cgroup, server_cgroup; ///< where the sockets are
};

} // namespace sockops::testing
