// SPDX-License-Identifier: MIT
// What a comparison with the machine's kernel says in the end. How many cases each has to have is in the file
// kernel_cases.txt.
#pragma once

#include <string>

/// What the table wants of the comparison in this run: more under SOCKOPS_ALL. A failure if it has no such
/// row.
unsigned long cases_wanted(const std::string& comparison);

/// Why what the library has in tables is not compared with this kernel: they are those of 6.18. "": it is. With
/// SOCKOPS_FOLLOW they are compared with any (tests/kernel/follow.sh).
std::string other_release_than_of_tables();

/// Prints "kernel-diff COMPARISON: cases=… mismatches=…" and `more`. A failure if anything differs, or if
/// there were fewer cases than the table wants; half of them are enough on another release than the table's,
/// where some do not apply.
void report_cases(const std::string& comparison, unsigned long cases, unsigned long mismatches,
				  const std::string& more = "");
