// SPDX-License-Identifier: MIT
// Scenes played by the machine's kernel, on the loopback of a network namespace of this process's own.
#pragma once

#include <memory>

#include "scene.hpp"

namespace sockopt_diff {

class kernel_side {
  public:
	kernel_side();
	~kernel_side();
	kernel_side(const kernel_side&) = delete;
	kernel_side& operator=(const kernel_side&) = delete;

	/// Why this kernel cannot be asked; "" if it can.
	[[nodiscard]] const std::string& unusable() const noexcept;
	[[nodiscard]] const surroundings& where() const noexcept;
	/// Changes the sysctls of this namespace to these; "" or why not. wmem_max and rmem_max are the
	/// machine's.
	std::string change(const surroundings& to);
	/// Fills in results; false if the connection itself failed (errno says why).
	bool play(scene& what);

  private:
	struct state;
	std::unique_ptr<state> state_;
};

} // namespace sockopt_diff
