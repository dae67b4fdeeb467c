// SPDX-License-Identifier: MIT
// Lets a script include <ns3/core-module.h> in C++20 with g++, if it includes the adapter first.
//
// Three headers of ns-3.37 that core-module.h includes declare constructors as Singleton<T>(), which
// C++20 no longer allows and g++ 11 and later refuse. Scripts rarely use what they declare
// (Singleton, SimulationSingleton, DesMetrics); here they are taken as included already. A script that
// does use them gets an unknown name in place of an error inside ns-3. clang++ reads them all.
#pragma once

#include <sockops/kern/cxx20.hpp>

#if defined(__GNUC__) && !defined(__clang__)
#define SINGLETON_H
#define SIMULATION_SINGLETON_H
#define DESMETRICS_H
#endif
