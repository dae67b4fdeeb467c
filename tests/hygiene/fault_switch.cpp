// SPDX-License-Identifier: MIT
// Somebody wants the library's RCU to free early: there is nothing to switch, and this does not compile.
#include <sockops/sockops.hpp>
#include <sockops/testing/rcu_faults.hpp>

int main() { sockops::testing::set_rcu_fault(sockops::testing::rcu_fault::early_free); }
