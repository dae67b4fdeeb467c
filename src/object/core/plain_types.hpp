// SPDX-License-Identifier: MIT
// Types of Linux 6.18 that hold no pointer into a kernel: headers of the network, addresses, and what the
// UAPI gives BPF programs. A program keeps them in memory of its own, or finds them in a segment: their
// layout is fixed, by the wire or by the UAPI.
#pragma once

#include <span>

namespace sockops::object {

/// Declarations (declarations.hpp), each after those that it names. Those of which the library has a table
/// (ops, flags, states, contexts) are not among them.
[[nodiscard]] std::span<const char* const> plain_type_declarations() noexcept;

} // namespace sockops::object
