# SPDX-License-Identifier: MIT
# Read by ctest after the tests were discovered: gtest_discover_tests() sets one label alone.
foreach(test IN LISTS kernel_verdicts_test_TESTS)
	set_tests_properties(${test} PROPERTIES LABELS "kernel;release-only")
endforeach()
