// SPDX-License-Identifier: MIT
// What a script inside of ns-3's tree includes, by "ns3/sockops-module.h" or by this name.
#ifndef SOCK_OPS_H
#define SOCK_OPS_H

#include <sockops/ns3/ns3.hpp>

#endif
