// SPDX-License-Identifier: MIT
// For a source file that includes <ns3/core-module.h> and not the adapter: included before it, that one is
// C++20 for g++ in releases before 3.41 too.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>
