// SPDX-License-Identifier: MIT
// The kfuncs of bpf/kfunc_table.hpp as functions in BTF, which objects' externs are resolved against.
#pragma once

#include "btf_writer.hpp"

namespace sockops::object {

/// Adds those that are here, and what they name that is nowhere else.
void add_kfuncs(btf_writer& to);

} // namespace sockops::object
