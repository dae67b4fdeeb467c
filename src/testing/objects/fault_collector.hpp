// SPDX-License-Identifier: MIT
// Messages of programs that are stopped on this thread, as long as it lives; other threads' go where they
// went.
#pragma once

#include <string>
#include <vector>

#include <sockops/vm/fault.hpp>

namespace sockops::testing {

class fault_collector {
  public:
	explicit fault_collector(std::vector<std::string>& into) noexcept;
	fault_collector(const fault_collector&) = delete;
	fault_collector& operator=(const fault_collector&) = delete;
	~fault_collector();

  private:
	std::vector<std::string>* const outer_; ///< of the collector that this one is nested in
};

} // namespace sockops::testing
