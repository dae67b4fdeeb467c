// SPDX-License-Identifier: MIT
// src/cgroup/attach.cpp by the rules of the mutants, which come first.

#include "attach_rules.hpp"

#include "../../src/cgroup/attach.cpp"
