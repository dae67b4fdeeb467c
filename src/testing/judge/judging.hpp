// SPDX-License-Identifier: MIT
// Judging the lines of an interval, when it is over.
#pragma once

#include <sockops/object/object_set.hpp>

#include "deeds.hpp"
#include "records.hpp"

namespace sockops::testing::text {

/// A line that is not so.
struct mismatch {
	std::string text;                  ///< in words; "": it is so
	const bpf_prog* program = nullptr; ///< one that had to do with it
};

/// What programs did: "client: TIMEOUT_INIT -> 50".
[[nodiscard]] mismatch judge_calls(const about_calls& expected, const seen_interval& seen, const known& of);
/// What maps and variables hold now.
[[nodiscard]] mismatch judge_map(const about_map& expected, object_set& objects, const names& words);
[[nodiscard]] mismatch judge_global(const about_global& expected, object_set& objects, const names& words);
/// A map, by a line's name for it: "conns", "web:conns". Throws object_error where there is none.
[[nodiscard]] map_view map_of(object_set& objects, const std::string& name);
/// All records, lines or spoils of the interval.
[[nodiscard]] mismatch judge_records(const about_records& expected, const seen_interval& seen,
									 const known& of);
[[nodiscard]] mismatch judge_printk(const about_printk& expected, const seen_interval& seen);
[[nodiscard]] mismatch judge_spoils(const about_spoils& expected, const seen_interval& seen);

/// Refuses a line that names what the objects have not, or whose values cannot be: throws object_error or
/// unknown_word. `words` only checks.
void check_names(const statement& what, object_set& objects, names& words, const record_reader& records);

} // namespace sockops::testing::text
