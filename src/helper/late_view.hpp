// SPDX-License-Identifier: MIT
// The view of a context as an argument that is there before it is known which context it is of.
#pragma once

#include <new>
#include <type_traits>

#include <sockops/bpf/bpf_sock_ops.hpp>

namespace sockops::helper {

class late_view {
  public:
	late_view() noexcept {} // NOLINT: nothing is there until it is made
	void make(bpf_sock_ops_kern& of) noexcept { new (place_) bpf_sock_ops(of); }
	/// Once it has been made.
	bpf_sock_ops& get() noexcept { return *std::launder(reinterpret_cast<bpf_sock_ops*>(place_)); }

  private:
	static_assert(std::is_trivially_destructible_v<bpf_sock_ops>);
	alignas(bpf_sock_ops) std::byte place_[sizeof(bpf_sock_ops)];
};

} // namespace sockops::helper
