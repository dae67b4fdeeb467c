# SPDX-License-Identifier: MIT
# Read by ctest after the tests were discovered: gtest_discover_tests() sets one label alone.
foreach(test IN LISTS kernel_enumeration_test_TESTS kernel_random_test_TESTS kernel_mutants_test_TESTS kernel_cleanup_test_TESTS
		kernel_helper_ops_test_TESTS kernel_kfuncs_test_TESTS kernel_sk_storage_test_TESTS kernel_verifier_test_TESTS
		kernel_hdr_opt_test_TESTS kernel_sockmap_test_TESTS
		kernel_traces_test_TESTS)
	set_tests_properties(${test} PROPERTIES LABELS "kernel;release-only")
endforeach()
