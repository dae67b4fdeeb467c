// SPDX-License-Identifier: MIT
// A pointer marked __rcu: a bare load does not compile, each access says which kind it is.
//
// Context: any thread, in signal handlers too; rcu_dereference() inside a read-side section. Never waits.
#pragma once

#include <sockops/kern/cxx20.hpp>

#include <atomic>

namespace sockops {

template <class T>
class rcu_pointer {
  public:
	constexpr rcu_pointer(T* p = nullptr) noexcept : p_(p) {}
	rcu_pointer(const rcu_pointer&) = delete;
	rcu_pointer& operator=(const rcu_pointer&) = delete;

  private:
	std::atomic<T*> p_;

	template <class U>
	friend U* rcu_dereference(const rcu_pointer<U>&) noexcept;
	template <class U>
	friend U* rcu_access_pointer(const rcu_pointer<U>&) noexcept;
	template <class U>
	friend void rcu_assign_pointer(rcu_pointer<U>&, U*) noexcept;
};

/// Inside a read-side section: the pointer, and what was stored behind it before it was published.
template <class U>
[[nodiscard, gnu::always_inline]] inline U* rcu_dereference(const rcu_pointer<U>& p) noexcept {
	// B: acquire, pairs with rcu_assign_pointer. (The kernel relies on the address dependency;
	// C++'s consume is promoted to acquire by every compiler. Free on x86.)
	return p.p_.load(std::memory_order_acquire);
}

/// The value alone, not to be dereferenced; or dereferenced under the writers' lock, which is
/// what the kernel calls rcu_dereference_protected().
template <class U>
[[nodiscard]] inline U* rcu_access_pointer(const rcu_pointer<U>& p) noexcept {
	return p.p_.load(std::memory_order_relaxed);
}

/// Publishes v, with all that was stored behind it.
template <class U>
inline void rcu_assign_pointer(rcu_pointer<U>& p, U* v) noexcept {
	p.p_.store(v, std::memory_order_release); // B: pairs with rcu_dereference.
}

} // namespace sockops
