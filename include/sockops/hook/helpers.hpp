// SPDX-License-Identifier: MIT
// The helpers that a program calls, with the kernel's checks in the kernel's order. Which there are, and
// which works in which op: bpf/helper_table.hpp.
#pragma once

#include <sockops/hook/hdr_opt_helpers.hpp>
#include <sockops/hook/printk.hpp>
#include <sockops/hook/sk_helpers.hpp>
#include <sockops/hook/sockopt.hpp>
#include <sockops/hook/time_helpers.hpp>
#include <sockops/map/sk_storage_map.hpp>
#include <sockops/map/sock_map.hpp>
