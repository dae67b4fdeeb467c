// SPDX-License-Identifier: MIT
// Words about helpers and kfuncs that several lists of them use.
#pragma once

#include <string>

#include <sockops/bpf/uapi.hpp>

#include "../helper/argument_kind.hpp"

namespace sockops_tools {

/// "since 5.10"; "by 6.18" where since when has not been established.
std::string since_in_words(sockops::kernel_release since);
/// What an argument has to be: "a key of the map"; "" where its type says it.
std::string in_words(const sockops::helper::argument_kind& kind);

} // namespace sockops_tools
