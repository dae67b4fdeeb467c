// SPDX-License-Identifier: MIT
// The hook in an ns-3 simulation. An existing script is hooked by four lines:
//
//     #include <sockops/ns3/ns3.hpp>    // before ns-3's own headers
//     ns3::SockOpsHelper hook;
//     hook.Install(stack, nodes);       // in place of stack.Install(nodes)
//     hook.Attach(nodes, "/apps", sockops::make_bpf_prog("mine", handler)); // before the applications start
//
// Standard applications stay as they are: "ns3::TcpSocketFactory" now makes hooked sockets.
//
// What is in namespace ns3 is named as ns-3 names things. A program that includes this links ns-3,
// and is therefore under the GPLv2 as a whole.
#pragma once

#include <sockops/ns3/ns3_releases.hpp> // before all of ns-3

#include <sockops/ns3/sock_ops_connection.hpp>
#include <sockops/ns3/sock_ops_helper.hpp>
#ifdef SOCKOPS_NS3_WITH_OBJECTS
#include <sockops/ns3/sock_ops_object.hpp>
#endif
#include <sockops/ns3/sock_ops_tcp_l4_protocol.hpp>
#include <sockops/ns3/sock_ops_tcp_socket.hpp>
#include <sockops/ns3/sock_ops_transmission.hpp>
#include <sockops/sockops.hpp>
#include <sockops/trace/trace.hpp>
