// SPDX-License-Identifier: MIT
// All that a stack and its programs need: sockets, cgroups, the hook, helpers. Included by name are map/,
// trace/, vm/ and object/ (object files), native/, testing/ and ns3/.
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
