// SPDX-License-Identifier: MIT
// struct bpf_sock_ops, bpf_sock and bpf_tcp_sock as the UAPI declares them, from the field tables of bpf/.
#pragma once

#include "btf_writer.hpp"

namespace sockops::object {

void add_context_types(btf_writer& to);

} // namespace sockops::object
