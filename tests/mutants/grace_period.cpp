// SPDX-License-Identifier: MIT
// src/sync/grace_period.cpp by the rules of the mutants, which come first.

#include "grace_period_rules.hpp"

#include "../../src/sync/grace_period.cpp"
