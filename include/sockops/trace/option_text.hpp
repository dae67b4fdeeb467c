// SPDX-License-Identifier: MIT
// A bpf_setsockopt() in words: "TCP_BPF_IW=40", "TCP_CONGESTION=\"dctcp\"", "TCP_BPF_IW=-1: EINVAL".
//
// Context: any thread; takes memory, so not in a signal handler.
#pragma once

#include <sockops/kern/cxx20.hpp>

#include <string>

namespace sockops {

/// "TCP_BPF_IW", as sockopts() has it; "level 6 option 99" for one that it has not.
[[nodiscard]] std::string option_name(int level, int optname);

/// Of an option that is a name: up to its NUL, of at most `length` bytes.
[[nodiscard]] std::string option_string(const void* value, int length);

/// "40", "\"reno\"", or the bytes in hexadecimal where the length is not the option's.
[[nodiscard]] std::string option_value_text(int level, int optname, const void* value, int length);

/// All of it, with the error where there was one.
[[nodiscard]] std::string option_text(int level, int optname, const void* value, int length, int result);

/// "EINVAL" for 22, whichever its sign; "errno 1000" for one without a name.
[[nodiscard]] std::string errno_text(int error);

} // namespace sockops
