// SPDX-License-Identifier: MIT
// The version of these headers, in one place: CMakeLists.txt reads it from here. What a version promises:
// VERSIONS.md. In any standard of C++, and in C: the preprocessor can ask before anything else is included.
#pragma once

#define SOCKOPS_VERSION_MAJOR 0
#define SOCKOPS_VERSION_MINOR 1
#define SOCKOPS_VERSION_PATCH 0

/// All of it in one number: 1.2.3 is 10203.
#define SOCKOPS_VERSION (SOCKOPS_VERSION_MAJOR * 10000 + SOCKOPS_VERSION_MINOR * 100 + SOCKOPS_VERSION_PATCH)

#if defined(__cplusplus) && __cplusplus >= 202002L
namespace sockops {

inline constexpr int version_major = SOCKOPS_VERSION_MAJOR;
inline constexpr int version_minor = SOCKOPS_VERSION_MINOR;
inline constexpr int version_patch = SOCKOPS_VERSION_PATCH;
inline constexpr int version = SOCKOPS_VERSION;

/// "0.1.0": of the library that is linked. Its patch may be another than that of the headers; a library of
/// another minor version does not link (kern/library.hpp).
[[nodiscard]] const char* library_version() noexcept;

} // namespace sockops
#endif
