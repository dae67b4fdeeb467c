// SPDX-License-Identifier: MIT
// One operation on cgroups, programs, links and sockets, all of them small numbers: the same for a
// kernel and for any other implementation. FORMAT.md describes it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kernel_diff {

enum class op_kind : std::uint8_t {
	mkdir,
	rmdir,
	attach,
	detach,
	link_create,
	link_update,
	link_detach,
	link_close,
	query,
	socket_open,
	socket_close,
};
inline constexpr int op_kinds = 11;

/// "link_update"
const char* op_name(op_kind kind) noexcept;

/// What a field that names an object holds if it is not the object's number.
namespace handle {
inline constexpr int none = -1;         ///< the field is 0, and handle 0 is an open file
inline constexpr int closed = -2;       ///< a handle that is not open
inline constexpr int other_object = -3; ///< an open handle that is nothing of bpf's
inline constexpr int other_type = -4;   ///< a program of another type
} // namespace handle

/// Programs have numbers below this one, and always exist.
inline constexpr int prog_numbers = 100;

namespace flag {
inline constexpr std::uint32_t allow_override = 1, allow_multi = 2, replace = 4, before = 8, after = 16,
							   id = 32, preorder = 64, link = 0x2000;
inline constexpr std::uint32_t mode = 3;
} // namespace flag

struct operation {
	op_kind kind = op_kind::query;
	int cgroup = 0;             ///< a number; attach, detach, link_create, query: or a handle that is none
	int parent = 0;             ///< mkdir
	int prog = handle::none;    ///< attach, detach, link_create; link_update: the new one
	int link = handle::none;    ///< link_*
	int socket = handle::none;  ///< socket_*
	int replace = handle::none; ///< attach: the one to replace; link_update: the one expected
	int anchor_prog = handle::none; ///< by its id if the flag id is given
	int anchor_link = handle::none; ///< a link's number; then anchor_prog is not looked at
	std::uint32_t flags = 0;
	std::uint64_t revision = 0; ///< expected; 0: any
	std::uint32_t capacity = 0; ///< query
	bool want_flags = false;    ///< query: with prog_attach_flags
	bool want_ids = true;       ///< query: with prog_ids

	bool operator==(const operation&) const = default;
};

/// An element of a buffer that a query did not write to.
inline constexpr std::uint32_t unwritten = 9999;

/// What a query found.
struct query_result {
	std::uint32_t count = 0, attach_flags = 0;
	std::uint64_t revision = 0;
	std::vector<int> progs; ///< as many as fit
	std::vector<std::uint32_t> prog_attach_flags;

	bool operator==(const query_result&) const = default;
};

struct answer {
	int error = 0;        ///< 0 or -errno
	bool skipped = false; ///< the operation names something that was never made
	query_result found{}; ///< query alone

	bool operator==(const answer&) const = default;
};

/// A string as printf() would print it.
[[gnu::format(printf, 1, 2)]] std::string print(const char* format, ...);
/// "MULTI|BEFORE|0x80"
std::string flags_in_words(std::uint32_t flags);
/// "-EPERM", "0"
std::string error_in_words(int error);
/// "[0 3 2]"
std::string numbers_in_words(const std::vector<int>& numbers);
/// "attach P4 to c1: MULTI|AFTER, beside P0, replacing P1, expecting revision 3"
std::string in_words(const operation& op);
std::string in_words(const operation& op, const answer& got);

} // namespace kernel_diff
