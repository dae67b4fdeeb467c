// SPDX-License-Identifier: MIT
// The code of the core, for those who do not build it with CMake: included once, in one .cpp, in place of
// linking libsockops. All else includes <sockops/sockops.hpp> as ever.
//
//     // src.cpp
//     #include <sockops/src.hpp>
//
//     g++ -std=c++20 -Iinclude main.cpp src.cpp      (Boost.Intrusive is headers alone)
//
// It is the library's list of sources: CMakeLists.txt reads it from here. All of them are one unit, so a name
// that one of them has to itself must be another's only where it means the same.
#pragma once

#include "../../src/bpf/bpf_prog.cpp"
#include "../../src/cgroup/attach.cpp"
#include "../../src/cgroup/attach_error.cpp"
#include "../../src/cgroup/cgroup.cpp"
#include "../../src/cgroup/effective.cpp"
#include "../../src/cgroup/link.cpp"
#include "../../src/cgroup/paths.cpp"
#include "../../src/cgroup/query.cpp"
#include "../../src/cgroup/snapshot.cpp"
#include "../../src/cgroup/sock_life.cpp"
#include "../../src/cgroup/where_attached.cpp"
#include "../../src/hook/dispatch.cpp"
#include "../../src/hook/hdr_opt_helpers.cpp"
#include "../../src/hook/printk.cpp"
#include "../../src/hook/sk_helpers.cpp"
#include "../../src/hook/sockopt.cpp"
#include "../../src/hook/sockopt_socket.cpp"
#include "../../src/hook/sockopt_special.cpp"
#include "../../src/hook/sockopt_table.cpp"
#include "../../src/hook/sockopt_tcp.cpp"
#include "../../src/hook/time_helpers.cpp"
#include "../../src/kern/check.cpp"
#include "../../src/map/array_map.cpp"
#include "../../src/map/attribute_check.cpp"
#include "../../src/map/bpf_map.cpp"
#include "../../src/map/create.cpp"
#include "../../src/map/hash_map.cpp"
#include "../../src/map/hash_steps.cpp"
#include "../../src/map/hash_table.cpp"
#include "../../src/map/keyed_map.cpp"
#include "../../src/map/lru_hash_map.cpp"
#include "../../src/map/map_value.cpp"
#include "../../src/map/percpu_array_map.cpp"
#include "../../src/map/percpu_hash_map.cpp"
#include "../../src/map/percpu_values.cpp"
#include "../../src/map/perf_event_array.cpp"
#include "../../src/map/prog_array.cpp"
#include "../../src/map/reserved_memory.cpp"
#include "../../src/map/ring_buffer.cpp"
#include "../../src/map/sk_storage_map.cpp"
#include "../../src/map/sock_map.cpp"
#include "../../src/map/socket_elements.cpp"
#include "../../src/net/observer.cpp"
#include "../../src/net/saved_syn.cpp"
#include "../../src/net/sock_attachments.cpp"
#include "../../src/net/tcp_options.cpp"
#include "../../src/net/tcp_sock.cpp"
#include "../../src/sync/grace_period.cpp"
#include "../../src/sync/processor_id.cpp"
#include "../../src/sync/rcu.cpp"
#include "../../src/sync/thread_registry.cpp"
#include "../../src/trace/call_text.cpp"
#include "../../src/trace/explain.cpp"
#include "../../src/trace/spoiled.cpp"
#include "../../src/trace/trace.cpp"
#include "../../src/trace/words.cpp"
