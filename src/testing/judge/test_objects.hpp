// SPDX-License-Identifier: MIT
// The objects of a text test: opened, set, loaded, filled; and where their sockets are.
#pragma once

#include <sockops/object/bpf_pins.hpp>
#include <sockops/testing/text_test.hpp>

#include "../objects/socket_places.hpp"

namespace sockops::testing::text {

/// Why there is nothing to be played.
struct refused_setup : std::runtime_error {
	explicit refused_setup(text_failure of) : std::runtime_error(of.text), why(std::move(of)) {}
	text_failure why;
};

/// Loaded, and not yet attached.
struct test_objects {
	bpf_pins pins;
	object_set all;
	socket_places at;
};

/// `file`: the test's. Throws refused_setup.
void open_objects(test_objects& into, const timeline& what, const std::string& file,
				  const text_test_options& with);

} // namespace sockops::testing::text
