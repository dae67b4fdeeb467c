// SPDX-License-Identifier: MIT
// Included before all else: an older standard is told once, in place of an error for each thing that it
// lacks.
#pragma once

#if !defined(__cplusplus) || __cplusplus < 202002L
#error "sockops needs C++20: compile with -std=c++20 (g++ 12, clang 14 or newer)"
// A file that is missing ends the compilation; an #error alone does not.
#include <sockops/kern/nothing_else_is_read_without_cxx20>
#endif
