// SPDX-License-Identifier: MIT
// Since when the kernel has what CO-RE asks for: programs that are made for several releases ask
// bpf_core_field_exists(ctx->skb_data) or bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_…).
#pragma once

#include <sockops/kern/kernel_release.hpp>

#include "core_records.hpp"

namespace sockops::object {

/// Does that release lack it? false, too, of what nobody here knows since when it is there: members of the
/// kernel's own structs.
[[nodiscard]] bool is_younger(const core_subject& about, kernel_release than);

} // namespace sockops::object
