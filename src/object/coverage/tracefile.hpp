// SPDX-License-Identifier: MIT
// lcov's tracefiles, in the format of its versions 1.x (geninfo(1)): text, a record a line.
#pragma once

#include <string>
#include <string_view>

#include <sockops/object/coverage.hpp>

namespace sockops::object {

[[nodiscard]] std::string written_tracefile(const coverage::file_map& files);
/// Throws object_error; `name`: whose text it is.
[[nodiscard]] coverage::file_map read_tracefile(std::string_view text, const std::string& name);

} // namespace sockops::object
