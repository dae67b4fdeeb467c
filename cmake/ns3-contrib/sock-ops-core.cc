// SPDX-License-Identifier: MIT
// The core of the library, in the module's one source file.

#include <sockops/src.hpp>
