// SPDX-License-Identifier: MIT
// What an object's CO-RE relocations are answered from: the types of this library, and plain types of the
// object's own.
//
//   in the library's types (core_btf.hpp)    as they are there: contexts by the UAPI, headers by the wire,
//                                            sockets by our objects
//   in the object alone, and plain           as the object declares it: numbers, arrays, enumerations and
//   structs
//                                            of such. Only memory of the program's own can hold one
//   all else                                 not there: asked whether, 0; read, an error where it is reached
//
// A flavour ("struct x___old") is never taken from the object: a program declares it to ask.
#pragma once

#include <string>
#include <vector>

#include "core_records.hpp"

namespace sockops::object {

struct kernel_types {
	btf_ptr types;                    ///< those of the library come first, with their ids
	std::vector<std::string> assumed; ///< "struct timespec64": as the object declares them
};

/// Empty types without memory.
[[nodiscard]] kernel_types kernel_types_for(const ::btf& object, const core_records& records);

} // namespace sockops::object
