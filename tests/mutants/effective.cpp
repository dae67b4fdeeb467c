// SPDX-License-Identifier: MIT
// src/cgroup/effective.cpp by the rules of the mutants, which come first.

#include "attach_rules.hpp"

#include "../../src/cgroup/effective.cpp"
