// SPDX-License-Identifier: MIT
// All of the core. Tracing, testing and the ns-3 adapter are included by name.
#pragma once

#include <sockops/bpf/ctx_access.hpp>
#include <sockops/bpf/helper_table.hpp>
#include <sockops/bpf/native_prog.hpp>
#include <sockops/cgroup/attach.hpp>
#include <sockops/cgroup/link.hpp>
#include <sockops/cgroup/sock_life.hpp>
#include <sockops/hook/default_hook.hpp>
#include <sockops/hook/helpers.hpp>
#include <sockops/hook/tcp_hook.hpp>
#include <sockops/map/typed_maps.hpp>
#include <sockops/sync/rcu.hpp>
