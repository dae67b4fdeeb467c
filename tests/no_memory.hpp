// SPDX-License-Identifier: MIT
// Allocations that fail where the library can tell its caller: it asks there by new (std::nothrow) and
// mmap(2), which are the program's to replace. The library itself is what ships.
#pragma once

/// Lets `after` of these allocations succeed, then fails all until called again; a negative number ends it.
void fail_allocations_after(int after) noexcept;

/// How many were asked for since the process began; for differences.
[[nodiscard]] unsigned long allocations_so_far() noexcept;

/// As fail_allocations_after(), for as long as this lives.
class no_memory_after {
  public:
	explicit no_memory_after(int after) noexcept { fail_allocations_after(after); }
	~no_memory_after() { fail_allocations_after(-1); }
	no_memory_after(const no_memory_after&) = delete;
	no_memory_after& operator=(const no_memory_after&) = delete;
};
