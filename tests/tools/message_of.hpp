// SPDX-License-Identifier: MIT
// What an exception says.
#pragma once

#include <exception>
#include <string>

template <class Body>
std::string message_of(Body body) {
	try {
		body();
	} catch (const std::exception& why) {
		return why.what();
	}
	return "nothing was thrown";
}
